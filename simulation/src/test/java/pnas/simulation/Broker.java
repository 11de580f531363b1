package pnas.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.JobQueue;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/**
 * Topics with one reading group each, and a share group for jobs, as the real ones behave: what one producer sends to one partition arrives in its order, all else in any;
 * a record that was read and not committed is read again; a job that was taken and not answered comes again.
 */
final class Broker {
    private static final int PARTITIONS = 3;
    private static final int AT_ONCE = 20;
    private static final long LOCK = 30_000;
    private static final int DELIVERIES = 5;

    private final World world;
    private final Map<String, Topic> topics = new HashMap<>();
    private final List<Job> jobs = new ArrayList<>();
    private final List<Actor> takers = new ArrayList<>();
    private final Map<String, Long> lastArrivals = new HashMap<>();
    private final Set<String> sent = new HashSet<>();
    private final Set<String> claimed = new HashSet<>();
    private final Map<TrainingProgress.Ended, Node> untold = new HashMap<>();
    private long downUntil;
    private long deliveries;

    /** Records of one topic, and how far its group has come. */
    private static final class Topic {
        private final List<List<Object>> partitions = new ArrayList<>();
        private final int[] committed = new int[PARTITIONS];
        private final Map<Node, int[]> positions = new HashMap<>();
        private final List<Node> members = new ArrayList<>();
        private final List<Actor> readers = new ArrayList<>();
        private int generation;
        private int shift;

        Topic() {
            for (int i = 0; i < PARTITIONS; i++) {
                partitions.add(new ArrayList<>());
            }
        }
    }

    /** A job at the broker. */
    private static final class Job {
        private final TrainingJob job;
        private Standing standing = Standing.AVAILABLE;
        private long delivery;
        private int times;

        Job(TrainingJob job) {
            this.job = job;
        }

        private enum Standing {
            AVAILABLE,
            TAKEN,
            DONE
        }
    }

    /** A job that a trainer has taken, under the number of this delivery. */
    record Taken(TrainingJob job, long delivery) {}

    /** Some records that were read. */
    record Batch<T>(List<T> messages, int partition, int end, int generation) {
        int start() {
            return end - messages.size();
        }
    }

    /** How far a topic goes. */
    record Ends(int generation, List<Integer> ends) {}

    Broker(World world) {
        this.world = world;
    }

    // ---- ordinary topics

    /**
     * Sends a record.
     *
     * @param done told once whether the broker is known to have it
     */
    void send(Node from, String topic, String key, Object message, Consumer<Boolean> done) {
        int partition = Math.floorMod(key.hashCode(), PARTITIONS);
        boolean doubled = false;
        boolean lost = false;
        boolean refused = false;
        long delay = world.between(1, 20);
        for (Fault fault : world.strike(Fault.Point.RECORD_SENT)) {
            switch (fault) {
                case RECORD_DOUBLED -> doubled = true;
                case RECORD_DELAYED -> delay += world.between(1_000, 90_000);
                case RECORD_LOST_AND_REFUSED -> lost = refused = true;
                case ACKNOWLEDGEMENT_LOST -> refused = true;
                case BROKER_RESTARTED -> restart();
                case TOPIC_LOST -> lose(topic);
                default -> {}
            }
        }
        boolean isLost = lost;
        boolean isDoubled = doubled;
        boolean isRefused = refused;
        long arrives = inOrder(from.name + " " + topic + " " + partition, delay);
        world.after(arrives - world.now(), () -> {
            // What a process that died had not sent yet may be gone or not.
            if (!isLost && (from.isAlive() || world.oneIn(2))) {
                append(topic, partition, message);
                if (isDoubled) {
                    world.after(world.between(0, 20_000), () -> append(topic, partition, message));
                }
            }
            from.later(world.between(1, 20), () -> done.accept(!isRefused));
        });
    }

    private long inOrder(String way, long delay) {
        long arrives = Math.max(world.now(), downUntil) + delay;
        long last = lastArrivals.getOrDefault(way, 0L);
        arrives = Math.max(arrives, last + 1);
        lastArrivals.put(way, arrives);
        return arrives;
    }

    private void append(String topic, int partition, Object message) {
        Topic at = topic(topic);
        at.partitions.get(partition).add(message);
        if (message instanceof TrainingProgress.Claimed(int _, TrainingProgress.AttemptRef attempt)) {
            claimed.add(attempt.trialId() + " " + attempt.number() + " " + attempt.worker());
        } else if (message instanceof TrainingProgress.Ended ended) {
            untold.remove(ended);
        }
        at.readers.forEach(Actor::wake);
    }

    private Topic topic(String name) {
        return topics.computeIfAbsent(name, _ -> new Topic());
    }

    /** Joins the group of a topic, which ends with the process. */
    void join(Node member, String topic, Actor reader) {
        Topic at = topic(topic);
        at.members.add(member);
        at.readers.add(reader);
        rebalance(at);
        member.onDeath(() -> world.after(world.between(500, 6_000), () -> {
            at.members.remove(member);
            at.readers.remove(reader);
            rebalance(at);
        }));
    }

    private void rebalance(Topic topic) {
        topic.shift++;
        topic.positions.clear();
    }

    /** What there is to read next in a partition of this member's; empty where there is nothing. */
    <T> Batch<T> read(Node member, String topic, Class<T> type) {
        Topic at = topic(topic);
        if (world.now() >= downUntil) {
            if (world.strikes(Fault.REBALANCED)) {
                rebalance(at);
            }
            for (int partition = 0; partition < PARTITIONS; partition++) {
                if (!isOwner(at, member, partition)) {
                    continue;
                }
                int[] positions = at.positions.computeIfAbsent(member, _ -> at.committed.clone());
                int from = positions[partition];
                List<Object> records = at.partitions.get(partition);
                if (from < records.size()) {
                    int end = Math.min(records.size(), from + 1 + world.chance.nextInt(AT_ONCE));
                    positions[partition] = end;
                    return new Batch<>(
                            records.subList(from, end).stream().map(type::cast).toList(),
                            partition,
                            end,
                            at.generation);
                }
            }
        }
        return new Batch<>(List.of(), 0, 0, at.generation);
    }

    private static boolean isOwner(Topic topic, Node member, int partition) {
        return !topic.members.isEmpty()
                && topic.members.get((partition + topic.shift) % topic.members.size()) == member;
    }

    /** Notes that a batch is worked on; refused to those whose partition is another's by now. */
    void commit(Node member, String topic, Batch<?> batch) {
        Topic at = topic(topic);
        if (isOwner(at, member, batch.partition())
                && at.generation == batch.generation()
                && at.positions.containsKey(member)) {
            at.committed[batch.partition()] = Math.max(at.committed[batch.partition()], batch.end());
        }
    }

    /** Where a topic ends now. */
    Ends ends(String topic) {
        Topic at = topic(topic);
        return new Ends(at.generation, at.partitions.stream().map(List::size).toList());
    }

    /** Whether the group has committed all before these ends. */
    boolean isCommitted(String topic, Ends ends) {
        Topic at = topic(topic);
        if (at.generation != ends.generation()) {
            return false;
        }
        for (int partition = 0; partition < PARTITIONS; partition++) {
            if (at.committed[partition] < ends.ends().get(partition)) {
                return false;
            }
        }
        return true;
    }

    // ---- jobs

    /**
     * Sends a job.
     *
     * @param done told the offset of its record, or that it is not known to be there
     */
    void send(Node from, TrainingJob job, Consumer<@Nullable Integer> done) {
        boolean doubled = false;
        boolean refused = false;
        boolean lost = false;
        long delay = world.between(1, 20);
        for (Fault fault : world.strike(Fault.Point.JOB_SENT)) {
            switch (fault) {
                case JOB_DOUBLED -> doubled = true;
                case JOB_DELAYED -> delay += world.between(1_000, 30_000);
                case JOB_ACKNOWLEDGEMENT_LOST -> refused = true;
                case JOBS_LOST -> lost = true;
                default -> {}
            }
        }
        boolean isDoubled = doubled;
        boolean isRefused = refused;
        if (lost) {
            world.after(world.between(0, 2_000), this::loseJobs);
        }
        long arrives = inOrder(from.name + " jobs", delay);
        world.after(arrives - world.now(), () -> {
            Integer offset = null;
            if (from.isAlive() || world.oneIn(2)) {
                offset = jobs.size();
                add(job);
                if (isDoubled) {
                    world.after(world.between(0, 90_000), () -> add(job));
                }
            }
            Integer told = isRefused ? null : offset;
            from.later(world.between(1, 20), () -> done.accept(told));
        });
    }

    private void add(TrainingJob job) {
        sent.add(job.trialId() + " " + job.attempt());
        jobs.add(new Job(job));
        wakeTakers();
    }

    private void wakeTakers() {
        takers.forEach(Actor::wake);
    }

    /** The next job, for one who takes it; null where none waits. */
    @Nullable Taken take(Node taker) {
        if (world.now() < downUntil) {
            return null;
        }
        for (Job job : jobs) {
            if (job.standing == Job.Standing.AVAILABLE) {
                job.standing = Job.Standing.TAKEN;
                job.times++;
                long delivery = ++deliveries;
                job.delivery = delivery;
                world.after(LOCK, () -> comesAgain(job, delivery));
                taker.onDeath(() -> world.after(world.between(500, 2_000), () -> comesAgain(job, delivery)));
                return new Taken(job.job, delivery);
            }
        }
        return null;
    }

    void await(Actor taker, long most) {
        takers.add(taker);
        taker.park(most);
        takers.remove(taker);
    }

    private void comesAgain(Job job, long delivery) {
        if (job.standing == Job.Standing.TAKEN && job.delivery == delivery) {
            // After so many deliveries a record goes to the dead letters.
            job.standing = job.times < DELIVERIES ? Job.Standing.AVAILABLE : Job.Standing.DONE;
            wakeTakers();
        }
    }

    /** Ends the lock of a delivery before its time, as a change of the broker's leader does. */
    void endLock(Taken taken) {
        jobs.forEach(job -> comesAgain(job, taken.delivery()));
    }

    /** Answers a delivery. One that is over is answered as if it were not, and nothing follows. */
    void answer(Node taker, Taken taken, boolean done) {
        if (done && !claimed.contains(taken.job().trialId() + " " + taken.job().attempt() + " " + taker.name)) {
            throw World.broken(
                    "%s accepts the job of %s, and its claim is not at the broker",
                    taker.name, taken.job().trialId());
        }
        for (Job job : jobs) {
            if (job.standing == Job.Standing.TAKEN && job.delivery == taken.delivery()) {
                job.standing = done ? Job.Standing.DONE : Job.Standing.AVAILABLE;
                if (!done) {
                    wakeTakers();
                }
            }
        }
    }

    /** What may still be taken or answered. */
    JobQueue queue() {
        int first = 0;
        while (first < jobs.size() && jobs.get(first).standing == Job.Standing.DONE) {
            first++;
        }
        return new JobQueue(first, jobs.size());
    }

    /** A training has ended, which is to be told here. */
    void expect(Node from, TrainingProgress.Ended ended) {
        untold.put(ended, from);
    }

    /** Ends that were never told though the one that knew them lives. */
    List<TrainingProgress.Ended> untold() {
        return untold.entrySet().stream()
                .filter(one -> one.getValue().isAlive())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether this attempt at a trial was ever here. */
    boolean hadJob(String trialId, int attempt) {
        return sent.contains(trialId + " " + attempt);
    }

    /** Whether a record still waits or is taken, and is this attempt's. */
    boolean holds(long offset, String trialId, int attempt) {
        if (offset >= jobs.size()) {
            return false;
        }
        Job job = jobs.get((int) offset);
        return job.standing != Job.Standing.DONE && job.job.trialId().equals(trialId) && job.job.attempt() == attempt;
    }

    // ---- faults

    /** Nothing is sent or read for a while; all that was taken comes again, and those who have it are not told. */
    private void restart() {
        world.tell("the broker restarts");
        downUntil = world.now() + world.between(5_000, 40_000);
        world.after(downUntil - world.now(), () -> {
            jobs.forEach(job -> comesAgain(job, job.delivery));
            topics.values().forEach(topic -> topic.readers.forEach(Actor::wake));
            wakeTakers();
        });
    }

    private void loseJobs() {
        world.tell("the jobs at the broker are lost");
        jobs.clear();
    }

    /** What an unreplicated topic held is gone with its broker. */
    void lose(String topic) {
        world.tell(topic + " is lost");
        Topic at = topic(topic);
        at.generation++;
        at.partitions.forEach(List::clear);
        Arrays.fill(at.committed, 0);
        at.positions.clear();
    }
}
