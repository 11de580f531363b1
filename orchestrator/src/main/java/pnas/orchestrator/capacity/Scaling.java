package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Places.Lack;
import pnas.orchestrator.capacity.Verdict.Deletion;
import pnas.orchestrator.capacity.Verdict.Standing;
import pnas.orchestrator.trainer.Sign;

/**
 * How many trainers there should be. For one pool:
 *
 * <pre>
 * free    = sum of allocatable over ready nodes that match and are not cordoned, less what non-terminal pods there request, in trainers
 * desired = min(maximum, ceil(trainings / slots), bound + free + surge)
 * create  = desired - (bound + pending); where that is negative, that many pending ones are deleted
 * </pre>
 *
 * where bound trainers have a node and pending ones have none yet; a trainer that is lost is neither. Where nodes cannot be read, the namespace's quota
 * takes the place of free, and without a quota the maximum alone decides. Several pools take free places in turn. Until a trainer of a template was
 * heard, one is started at a time. A trainer that has started is never deleted: it leaves by itself when it is idle. The same snapshot gives the same
 * names, so that nothing is created twice when two act on it.
 */
@Decides
final class Scaling {
    private final Cluster cluster;
    private final Rules rules;
    private final Knowledge knowledge;
    private final Instant now;
    private final Places places;
    private final Map<String, Cluster.Node> nodes;
    private final Map<String, List<Pod>> podsByJob;

    private Scaling(Cluster cluster, Rules rules, Knowledge knowledge, Instant now) {
        this.cluster = cluster;
        this.rules = rules;
        this.knowledge = knowledge;
        this.now = now;
        this.places = new Places(cluster, rules);
        this.nodes = cluster.nodes().orElse(List.of()).stream()
                .collect(Collectors.toMap(Cluster.Node::name, Function.identity(), (one, other) -> one));
        this.podsByJob =
                cluster.pods().stream().filter(pod -> pod.job() != null).collect(Collectors.groupingBy(Group::jobOf));
    }

    /**
     * Decides.
     *
     * @param pools of different engines
     */
    static Verdict decide(Cluster cluster, List<Pool> pools, Rules rules, Knowledge knowledge, Instant now) {
        return new Scaling(cluster, rules, knowledge, now).decide(pools);
    }

    private Verdict decide(List<Pool> pools) {
        List<Group> groups = pools.stream().map(Group::new).toList();
        spread(groups);
        long own = groups.stream().mapToLong(group -> group.own.size()).sum();
        long bound = groups.stream().mapToLong(group -> group.bound.size()).sum();
        // Of several pools, one may still have to give up places that another is to have.
        long budget = Math.min(rules.most(), bound + places.taken()) - own;
        List<Verdict.Creation> create = new ArrayList<>();
        for (Group group : groups) {
            long missing = Math.min(group.mayStart(), Math.min(budget, group.desired - group.own.size()));
            if (missing > 0) {
                budget -= missing;
                group.names()
                        .limit(missing)
                        .forEach(name -> create.add(new Verdict.Creation(group.pool.engine(), name, group.revision())));
            }
        }
        return new Verdict(
                create,
                groups.stream().flatMap(Group::deletions).toList(),
                groups.stream().flatMap(group -> group.lost.keySet().stream()).collect(Collectors.toSet()),
                groups.stream()
                        .filter(group -> group.proven)
                        .map(Group::revision)
                        .collect(Collectors.toSet()),
                groups.stream().map(Group::standing).toList());
    }

    /** One trainer at a time to each pool in turn, until nobody needs or gets one. */
    private void spread(List<Group> groups) {
        long total = 0;
        boolean given = true;
        while (given) {
            given = false;
            for (Group group : groups) {
                if (total < rules.most() && group.grow()) {
                    total++;
                    given = true;
                }
            }
        }
    }

    /** Why the trainer of a pod does not count, in words that follow its number; empty where it does. */
    private Optional<String> loss(Pod pod) {
        if (!pod.isBound()) {
            return Optional.empty();
        }
        String name = String.valueOf(pod.node());
        Cluster.@Nullable Node node = nodes.get(name);
        if (cluster.nodes().isPresent() && node == null) {
            return Optional.of("the node " + name + " is gone");
        }
        if (node != null && !node.ready()) {
            return Optional.of("the node " + name + " is not ready");
        }
        if (pod.isOverdue(now)) {
            return Optional.of("the node " + name + " has not ended what is to be gone");
        }
        @Nullable Sign sign = knowledge.signs().get(pod.name());
        return sign != null && sign.silent() && !sign.left()
                ? Optional.of("silent on the node " + name)
                : Optional.empty();
    }

    /** The trainers of a pool. */
    private final class Group {
        private final Pool pool;
        private final List<Job> jobs;
        private final List<Pod> living;
        /** Names of Jobs whose trainers do not count, with why. */
        private final Map<String, String> lost = new TreeMap<>();

        private final Set<String> own = new HashSet<>();
        private final Map<String, Pod> bound = new HashMap<>();
        /** Jobs to delete whatever is desired, by name. */
        private final Map<String, Deletion> removals = new LinkedHashMap<>();

        private final boolean proven;
        private final long pods;
        private final long wanted;
        private final Optional<Failures> failures;
        private long desired;
        private @Nullable Lack lack;

        Group(Pool pool) {
            this.pool = pool;
            this.jobs = cluster.jobs().stream()
                    .filter(job -> job.engine().equals(pool.engine()))
                    .toList();
            // A pod may be known before its Job, and outlive it: it takes its place either way.
            this.living = cluster.pods().stream()
                    .filter(pod -> pod.job() != null && pool.engine().equals(pod.engine()) && pod.phase() != Phase.OVER)
                    .toList();
            jobs.stream().filter(job -> job.end() == null).map(Job::name).forEach(own::add);
            living.forEach(pod -> own.add(jobOf(pod)));
            living.forEach(pod -> loss(pod).ifPresent(why -> lost.put(jobOf(pod), why)));
            living.stream().filter(pod -> loss(pod).isEmpty()).forEach(pod -> lost.remove(jobOf(pod)));
            own.removeAll(lost.keySet());
            List<Pod> counted =
                    living.stream().filter(pod -> !lost.containsKey(jobOf(pod))).toList();
            counted.stream().filter(Pod::isBound).forEach(pod -> bound.put(jobOf(pod), pod));
            this.pods = counted.stream().map(Group::jobOf).distinct().count();
            this.wanted = Math.ceilDiv(pool.trainings(), rules.slots());
            List<Job> present = jobs.stream()
                    .filter(job -> job.revision().equals(revision()))
                    .toList();
            this.proven = knowledge.experience().isProven(revision())
                    || present.stream().anyMatch(this::wasHeard);
            jobs.stream()
                    .filter(job -> job.end() == null && hasNotStarted(job.name()))
                    .forEach(job -> removal(job).ifPresent(removal -> removals.put(job.name(), removal)));
            this.failures = Failures.of(
                    present,
                    Stream.concat(
                                    knowledge.experience().setbacks(revision()).stream(),
                                    present.stream()
                                            .map(job -> removals.get(job.name()))
                                            .filter(Objects::nonNull)
                                            .map(Deletion::setback)
                                            .filter(Objects::nonNull))
                            .toList(),
                    now);
        }

        private static String jobOf(Pod pod) {
            return Objects.requireNonNull(pod.job());
        }

        String revision() {
            return pool.made().revision();
        }

        private boolean wasHeard(Job job) {
            if (job.end() != null && job.end().succeeded()) {
                return true;
            }
            return podsOf(job.name()).anyMatch(pod -> {
                @Nullable Sign sign = knowledge.signs().get(pod.name());
                return sign != null && sign.able();
            });
        }

        /** Why a Job that has not started is to go, whatever is desired. */
        private Optional<Deletion> removal(Job job) {
            if (!job.revision().equals(revision())) {
                return Optional.of(new Deletion(job.name(), "it was made from an older template", null));
            }
            List<Pod> own = podsOf(job.name()).toList();
            if (job.hold().suspended()) {
                return Optional.empty();
            }
            if (own.isEmpty() && job.hold().trouble() != null) {
                return Optional.of(
                        setback(job, Setback.Kind.WITHOUT_POD, job.hold().trouble()));
            }
            return isLate(job, own)
                    ? Optional.of(setback(
                            job,
                            Setback.Kind.LATE,
                            own.stream()
                                    .map(Pod::trouble)
                                    .filter(Objects::nonNull)
                                    .findFirst()
                                    .orElse("no reason is told")))
                    : Optional.empty();
        }

        private Deletion setback(Job job, Setback.Kind kind, String reason) {
            return new Deletion(
                    job.name(),
                    "it " + kind.words(1) + " (" + reason + ")",
                    new Setback(job.name(), kind, now, reason));
        }

        /** Whether it should have started by now. One that waits for a node autoscaler holds no place of a node. */
        private boolean isLate(Job job, List<Pod> own) {
            boolean pulls = own.stream().anyMatch(pod -> pod.course().pulling());
            Duration patience =
                    pulls ? rules.patience().pull() : rules.patience().start();
            @Nullable Instant since = own.stream()
                    .map(pod -> pod.course().boundAt())
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
            if (since == null && rules.surge() == 0) {
                since = job.hold().since();
            }
            return since != null && since.plus(patience).isBefore(now);
        }

        boolean grow() {
            if (desired >= wanted || lack != null) {
                return false;
            }
            if (desired >= bound.size()) {
                lack = places.take(pool, desired < pods).orElse(null);
                if (lack != null) {
                    return false;
                }
            }
            desired++;
            return true;
        }

        /** How many may be started now, whatever is desired. */
        long mayStart() {
            if (failures.isPresent()) {
                boolean onTrial = jobs.stream().anyMatch(job -> Failures.isOnTrial(job, now) && !isLost(job));
                return onTrial || now.isBefore(failures.get().retryAt()) ? 0 : 1;
            }
            if (proven) {
                return Long.MAX_VALUE;
            }
            boolean first = jobs.stream()
                    .anyMatch(job -> job.end() == null && job.revision().equals(revision()) && !isLost(job));
            return first ? 0 : 1;
        }

        private boolean isLost(Job job) {
            return lost.containsKey(job.name());
        }

        /** Names for new Jobs, the lowest numbers that no Job has. */
        Stream<String> names() {
            Set<String> known = cluster.jobs().stream().map(Job::name).collect(Collectors.toCollection(HashSet::new));
            known.addAll(own);
            known.addAll(lost.keySet());
            return IntStream.iterate(0, number -> number + 1)
                    .mapToObj(number -> pool.prefix() + "-" + number)
                    .filter(name -> !known.contains(name));
        }

        /** Those that must go, then those that are not needed: without a node first, then those whose containers never ran; the latest numbers first. */
        Stream<Deletion> deletions() {
            Comparator<String> latestFirst = Comparator.<String>comparingInt(String::length)
                    .thenComparing(name -> name)
                    .reversed();
            Stream<Deletion> surplus = own.stream()
                    .filter(name -> !removals.containsKey(name) && hasNotStarted(name))
                    .sorted(Comparator.<String, Boolean>comparing(bound::containsKey)
                            .thenComparing(latestFirst))
                    .limit(Math.max(0, own.size() - goingOfOwn() - desired))
                    .map(name -> new Deletion(name, "it is not needed", null));
            return Stream.concat(removals.values().stream(), surplus);
        }

        private long goingOfOwn() {
            return removals.keySet().stream().filter(own::contains).count();
        }

        /** Whether the trainer of a Job surely trains nothing. */
        private boolean hasNotStarted(String job) {
            return podsOf(job)
                    .allMatch(pod ->
                            pod.phase() == Phase.PENDING && !knowledge.busy().contains(pod.name()));
        }

        private Stream<Pod> podsOf(String job) {
            return podsByJob.getOrDefault(job, List.of()).stream();
        }

        Standing standing() {
            return new Standing(pool.engine(), desired, bound.size(), cause());
        }

        private @Nullable String cause() {
            long working = bound.values().stream()
                    .filter(pod -> pod.phase() == Phase.RUNNING)
                    .count();
            return pool.trainings() <= working * rules.slots() ? null : lackOf(working) + losses();
        }

        private String lackOf(long working) {
            if (rules.most() == 0) {
                return "no trainer may be started, pnas.capacity.maximum is 0";
            }
            if (failures.isPresent()) {
                return failed(failures.get());
            }
            long starting = desired - Math.min(desired, working);
            if (starting > 0) {
                return starting(starting);
            }
            if (lack != null) {
                return places.words(pool, lack);
            }
            return rules.most() == 1
                    ? "the one trainer that pnas.capacity.maximum allows is there"
                    : "all " + rules.most() + " trainers that pnas.capacity.maximum allows are there";
        }

        private String starting(long count) {
            long suspended = jobs.stream()
                    .filter(job -> job.end() == null && job.hold().suspended() && own.contains(job.name()))
                    .count();
            if (suspended >= count) {
                return Wording.trainers(count) + (count == 1 ? " waits" : " wait")
                        + ", held back by a queue of the cluster (" + (count == 1 ? "its Job is" : "their Jobs are")
                        + " suspended)";
            }
            if (!proven && count > 1) {
                return "1 trainer starts, and " + (count - 1) + " more once it is heard" + trouble();
            }
            return Wording.trainers(count) + (count == 1 ? " starts" : " start") + trouble();
        }

        private String failed(Failures failed) {
            String who = failed.count() == 1 ? "a trainer" : "the last " + failed.count() + " trainers";
            String next = now.isBefore(failed.retryAt())
                    ? "the next one is started at " + Wording.second(failed.retryAt())
                    : "one is tried at a time" + trouble();
            Setback last = failed.last();
            return who + " " + last.kind().words(failed.count()) + " (" + last.reason() + "); " + next;
        }

        /** What keeps those back that do not run yet, in the cluster's words, where it says so of one. */
        private String trouble() {
            return living.stream()
                    .filter(pod -> pod.phase() == Phase.PENDING)
                    .map(Pod::trouble)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(trouble -> ", but " + trouble)
                    .orElse("");
        }

        /** How many do not count, and why. */
        private String losses() {
            Map<String, List<String>> byCause = new TreeMap<>(
                    lost.keySet().stream().collect(Collectors.groupingBy(job -> String.valueOf(lost.get(job)))));
            return byCause.entrySet().stream()
                    .map(cause -> {
                        int count = cause.getValue().size();
                        return "; " + Wording.trainers(count) + (count == 1 ? " does" : " do") + " not count, "
                                + cause.getKey();
                    })
                    .collect(Collectors.joining());
        }
    }
}
