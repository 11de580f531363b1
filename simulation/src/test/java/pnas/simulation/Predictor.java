package pnas.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.message.PredictorCommand;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.ranking.OpenRequests;
import pnas.predictor.ranking.OpenRequests.Effect;
import pnas.predictor.ranking.OpenRequests.Received;
import pnas.predictor.ranking.RankingTask;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/** A predictor: does what {@link OpenRequests} decides, and dies and freezes. What it answers follows from the request alone. */
final class Predictor {
    private static final long LOOK = 1_000;
    private static final Duration GATHERING = Duration.ofMinutes(2);
    private static final int SLICES = 4;
    /** So few may wait that some requests are not taken in at once. */
    private static final int MOST_WAITING = 20;

    private final World world;
    private final Platform platform;
    private final Node process;
    private final int threads;
    private final OpenRequests<Place> requests;
    private final Map<Long, Work> works = new HashMap<>();
    private final Map<Integer, Reading> readings = new HashMap<>();
    private final Set<UUID> doubled = new HashSet<>();
    private final Set<UUID> lost = new HashSet<>();
    private boolean ticks;

    /** Where a record stands. */
    private record Place(int partition, int offset) {}

    /** How far a partition is read, and what of it is not done with: no offset behind the first such record is committed. */
    private static final class Reading {
        private final int generation;
        private final TreeSet<Integer> open = new TreeSet<>();
        private int read;

        Reading(int generation, int read) {
            this.generation = generation;
            this.read = read;
        }
    }

    Predictor(Platform platform, String name, int threads) {
        this.platform = platform;
        this.world = platform.world();
        this.threads = threads;
        this.requests = new OpenRequests<>(
                new OpenRequests.Terms(100_000, 10_000, MOST_WAITING, threads, Duration.ofSeconds(10), GATHERING));
        this.process = world.new Node(name);
        process.start(this::read);
    }

    Node process() {
        return process;
    }

    void hear(PredictorCommand.Withdrawn command) {
        process.later(world.between(1, 30), () -> perform(requests.withdrawn(command.requestId())));
    }

    /** Whether it has been ranking something since before then. */
    boolean hasRankedSince(long then) {
        return process.isAlive() && works.values().stream().anyMatch(work -> work.began < then);
    }

    // ---- requests

    private void read(Actor actor) {
        Broker broker = platform.broker();
        broker.join(process, Orchestrator.CANDIDATES, actor);
        while (true) {
            Broker.Batch<RankingRequest> batch = broker.read(process, Orchestrator.CANDIDATES, RankingRequest.class);
            if (batch.messages().isEmpty()) {
                actor.park(10_000);
                continue;
            }
            begin(batch);
            for (int i = 0; i < batch.messages().size(); i++) {
                while (!requests.hasRoom()) {
                    actor.park(LOOK);
                }
                Place place = new Place(batch.partition(), batch.start() + i);
                perform(requests.accept(
                        new Received<>(batch.messages().get(i), place.partition(), place.offset(), place),
                        world.instant()));
                tick();
            }
        }
    }

    /** A partition that was lost and has come back is read again from what was committed. */
    private void begin(Broker.Batch<RankingRequest> batch) {
        Reading reading = readings.get(batch.partition());
        if (reading == null || reading.generation != batch.generation() || batch.start() < reading.read) {
            reading = new Reading(batch.generation(), batch.start());
            readings.put(batch.partition(), reading);
        }
        for (int offset = batch.start(); offset < batch.end(); offset++) {
            reading.open.add(offset);
        }
        reading.read = batch.end();
    }

    private void done(Place place) {
        Reading reading = readings.get(place.partition());
        if (reading != null && reading.open.remove(place.offset())) {
            int end = reading.open.isEmpty() ? reading.read : reading.open.getFirst();
            platform.broker()
                    .commit(
                            process,
                            Orchestrator.CANDIDATES,
                            new Broker.Batch<>(List.of(), place.partition(), end, reading.generation));
        }
    }

    /** Nothing of it waits for anybody. */
    private void perform(List<Effect<Place>> effects) {
        for (Effect<Place> effect : effects) {
            switch (effect) {
                case Effect.Done(List<Place> records) -> records.forEach(this::done);
                case Effect.Start(long number, RankingTask task) -> {
                    Work work = new Work(number, task);
                    works.put(number, work);
                    if (works.size() > threads) {
                        throw World.broken("%s ranks %d requests at once", process.name, works.size());
                    }
                    work.begin();
                }
                case Effect.Stop(long number) ->
                    Objects.requireNonNull(works.get(number)).stop();
                case Effect.GaveUp(RankingRequest.Header header) ->
                    world.tell(process.name + " gives up " + header.requestId());
                case Effect.Answer(RankingAnswer answer) -> send(answer);
                case Effect.Tell(RankingMessage.SignOfLife sign) -> send(sign, () -> {}, () -> {});
            }
        }
    }

    /** While it gathers or ranks it looks now and then whether to tell so or to give up. */
    private void tick() {
        if (!ticks && (!works.isEmpty() || requests.gathering() > 0)) {
            ticks = true;
            process.later(LOOK, this::pass);
        }
    }

    private void pass() {
        ticks = false;
        perform(requests.pass(
                world.instant(),
                number -> Objects.requireNonNull(works.get(number)).progress()));
        tick();
    }

    /** Tries until the broker has it. */
    private void send(RankingAnswer answer) {
        Runnable sent = () -> perform(requests.sent(answer.requestId()));
        if (lost.remove(answer.requestId())) {
            process.later(1, sent);
            return;
        }
        send(answer, sent, () -> process.later(1_000, () -> send(answer)));
        if (doubled.remove(answer.requestId())) {
            send(answer, () -> {}, () -> {});
        }
    }

    private void send(RankingMessage message, Runnable sent, Runnable refused) {
        platform.broker()
                .send(
                        process,
                        Orchestrator.RANKINGS,
                        message.experimentId(),
                        message,
                        has -> (has ? sent : refused).run());
    }

    // ---- rankings

    /** A ranking on its thread. */
    private final class Work {
        private final long number;
        private final RankingTask task;
        private final long began = world.now();
        private @Nullable Actor actor;
        private int slices;
        private boolean unwanted;

        Work(long number, RankingTask task) {
            this.number = number;
            this.task = task;
        }

        void begin() {
            actor = process.start(this::run);
        }

        /** Noticed a little later. */
        void stop() {
            process.later(world.between(0, 5_000), () -> {
                unwanted = true;
                Objects.requireNonNull(actor).wake();
            });
        }

        private void rest(Actor self, long milliseconds) {
            long until = world.now() + milliseconds;
            while (!unwanted && world.now() < until) {
                self.park(until - world.now());
            }
        }

        private void run(Actor self) {
            Set<Fault> faults = world.strike(Fault.Point.RANKING_BEGUN);
            int slice = world.between(100, 20_000) / SLICES;
            if (faults.contains(Fault.PREDICTOR_LATE)) {
                slice += world.between(100_000, 1_500_000) / SLICES;
            }
            if (faults.contains(Fault.CANCELLED_UNHEARD_IN_A_RANKING)) {
                slice += 1_500_000 / SLICES;
                platform.cancelUnheard(task.header().experimentId());
            }
            while (slices < SLICES) {
                rest(self, slice);
                slices++;
                if (faults.contains(Fault.PREDICTOR_CRASHED)) {
                    process.die();
                    Coroutine.leave();
                }
                if (faults.contains(Fault.PREDICTOR_FROZEN) && slices == 1) {
                    process.freeze(world.between(100_000, 200_000));
                    rest(self, 1);
                }
                if (unwanted) {
                    works.remove(number);
                    perform(requests.stopped(number));
                    return;
                }
            }
            works.remove(number);
            if (faults.contains(Fault.ANSWER_LOST)) {
                lost.add(task.header().requestId());
            }
            if (faults.contains(Fault.ANSWER_DOUBLED)) {
                doubled.add(task.header().requestId());
            }
            perform(requests.answered(number, answer(faults)));
        }

        OpenRequests.Progress progress() {
            int all = task.families().stream()
                    .mapToInt(family -> family.children().size())
                    .sum();
            int scored = all * slices / SLICES;
            return new OpenRequests.Progress(scored, (world.now() - began) / 1000.0);
        }

        private RankingAnswer answer(Set<Fault> faults) {
            UUID requestId = task.header().requestId();
            String experimentId = task.header().experimentId();
            if (faults.contains(Fault.RANKING_FAILED)) {
                return new RankingAnswer.Failed(1, requestId, experimentId, ErrorCode.STORAGE_FAILURE, "disk");
            }
            return faults.contains(Fault.RANKING_FAILED_FOR_GOOD)
                    ? new RankingAnswer.Failed(1, requestId, experimentId, ErrorCode.INVALID_INPUT, "no such predictor")
                    : rank(task);
        }
    }

    private static List<Cell> candidates(RankingTask task) {
        List<Cell> cells = new ArrayList<>();
        for (Family family : task.families()) {
            for (Block block : family.children()) {
                cells.add(family.parent().plus(block));
            }
        }
        return cells;
    }

    /** What is learnt from the observations changes every score. */
    private static RankingAnswer rank(RankingTask task) {
        long learnt = task.observations().stream()
                .mapToLong(one -> Objects.hash(one.cell().text(), one.stage(), one.accuracy()))
                .sum();
        List<RankingAnswer.Scored> scored = new ArrayList<>();
        for (Cell cell : candidates(task)) {
            scored.add(new RankingAnswer.Scored(
                    cell, new Random(learnt * 31 + cell.text().hashCode()).nextInt(1000) / 1000.0));
        }
        scored.sort(Comparator.comparingDouble(RankingAnswer.Scored::score)
                .reversed()
                .thenComparing(one -> one.cell().text()));
        return new RankingAnswer.Ranked(
                1,
                task.header().requestId(),
                task.header().experimentId(),
                scored.size(),
                scored.subList(0, Math.min(task.header().keep(), scored.size())),
                new RankingAnswer.Histogram(0, 1, List.of(scored.size())),
                null,
                1);
    }
}
