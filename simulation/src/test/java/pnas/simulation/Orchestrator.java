package pnas.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.ExperimentEffects.Wake;
import pnas.orchestrator.life.JobQueue;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.life.ranking.RequestRecords;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.TrialTransactions;
import pnas.orchestrator.life.store.Turns;
import pnas.simulation.Database.ConnectionLost;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

/** What an orchestrator's adapters do, in the order in which they do it. All of its state is in the database. */
final class Orchestrator {
    static final String PROGRESS = "progress";
    static final String RANKINGS = "rankings";
    static final String CANDIDATES = "candidates";
    static final LeaseTerms TERMS = new LeaseTerms(Duration.ofSeconds(60), 4);
    private static final Duration UNCLAIMED = Duration.ofSeconds(60);
    private static final int MOST = 1000;
    /** Small, so that the records of a request get lost and doubled apart. */
    private static final int CHUNK_BYTES = 1_500;

    private static final int SURPLUS = 4;

    private final World world;
    private final Platform platform;
    private final Node process;
    private final Actor dispatcher;
    private final Actor ranker;

    Orchestrator(Platform platform, String name) {
        this.platform = platform;
        this.world = platform.world();
        this.process = world.new Node(name);
        process.start(this::readProgress);
        process.start(this::readRankings);
        dispatcher = process.start(actor -> forEver(actor, 2_000, () -> dispatch(actor)));
        ranker = process.start(actor -> forEver(actor, 2_000, () -> askForAll(actor)));
        process.start(actor -> forEver(actor, 5_000, () -> reap(actor)));
        process.start(actor -> forEver(actor, 4_000, () -> inspectBudgets(actor)));
    }

    Node process() {
        return process;
    }

    /** Does it again and again; where the database goes away, it is done again the next time. */
    private void forEver(Actor actor, long every, Runnable what) {
        while (true) {
            try {
                what.run();
            } catch (ConnectionLost e) {
                world.tell(process.name + " has lost its connection");
            }
            actor.park(every + world.between(0, 200));
        }
    }

    // ---- transactions of trials

    private Done change(Actor actor, Function<TrialTransactions, Done> work) {
        Done done = platform.database()
                .transaction(
                        actor, transaction -> transaction.noted(work.apply(new TrialTransactions(transaction, TERMS))));
        afterwards(done);
        return done;
    }

    private void afterwards(Done done) {
        if (done.wakes(Wake.DISPATCH)) {
            dispatcher.wake();
        }
        if (done.wakes(Wake.OPEN_STAGE)) {
            ranker.wake();
        }
    }

    // ---- progress

    private void readProgress(Actor actor) {
        read(actor, PROGRESS, TrainingProgress.class, messages -> {
            Done done = patiently(actor, () -> change(actor, trials -> trials.hear(messages)));
            for (TrainerCommand.Stop stop : done.all(TrialEffects::stops)) {
                platform.tellTrainers(stop);
            }
        });
    }

    private <T> void read(Actor actor, String topic, Class<T> type, Consumer<List<T>> work) {
        Broker broker = platform.broker();
        broker.join(process, topic, actor);
        while (true) {
            if (platform.lag() > 0) {
                actor.pause(world.between(0, platform.lag()));
            }
            Broker.Batch<T> batch = broker.read(process, topic, type);
            if (batch.messages().isEmpty()) {
                actor.park(10_000);
                continue;
            }
            work.accept(batch.messages());
            actor.pause(world.between(0, 10));
            broker.commit(process, topic, batch);
        }
    }

    private static <T> T patiently(Actor actor, Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (ConnectionLost e) {
                actor.pause(1_000);
            }
        }
    }

    // ---- dispatch

    private void dispatch(Actor actor) {
        Turns turns = platform.database().turns(actor);
        Turns.Steps steps = new Turns.Steps() {
            @Override
            public TrialTransactions.Turn read(String engine) {
                return platform.database()
                        .transaction(
                                actor,
                                transaction -> new TrialTransactions(transaction, TERMS)
                                        .turn(engine, platform.liveSlots() + SURPLUS));
            }

            @Override
            public void reuse(TrialTransactions.Turn turn) {
                if (world.strikes(Fault.REUSE_AFTER_A_CLAIM)) {
                    platform.awaitClaim(actor);
                }
                Done _ = change(actor, trials -> trials.reuse(turn.reused()));
            }

            @Override
            public Map<String, Long> send(String engine, List<TrainingJob> jobs) {
                return Orchestrator.this.send(actor, jobs);
            }

            @Override
            public void note(TrialTransactions.Turn turn, Map<String, Long> offsets) {
                Done _ = change(actor, trials -> trials.sent(turn, offsets));
            }
        };
        for (String engine : platform.database().transaction(actor, Store::engines)) {
            int _ = turns.go(engine, steps);
        }
    }

    private Map<String, Long> send(Actor actor, List<TrainingJob> jobs) {
        Map<String, Long> offsets = new HashMap<>();
        int[] open = {jobs.size()};
        for (TrainingJob job : jobs) {
            platform.broker().send(process, job, offset -> {
                if (offset != null) {
                    offsets.put(job.trialId(), Long.valueOf(offset));
                }
                if (--open[0] == 0) {
                    actor.wake();
                }
            });
        }
        while (open[0] > 0) {
            actor.park(60_000);
        }
        world.tell(() -> process.name + " has sent the jobs of "
                + jobs.stream().map(TrainingJob::trialId).toList());
        Set<Fault> faults = world.strike(Fault.Point.JOBS_SENT);
        platform.user().at(faults);
        if (faults.contains(Fault.CRASHED_AND_TWINS_BEGUN_AFTER_SENDING_JOBS)) {
            platform.makeNoteOfTwinsLate();
        }
        if (faults.contains(Fault.CRASH_AFTER_SENDING_JOBS)
                || faults.contains(Fault.CRASHED_AND_PAUSED_AFTER_SENDING_JOBS)
                || faults.contains(Fault.CRASHED_AND_TWINS_BEGUN_AFTER_SENDING_JOBS)) {
            process.die();
            Coroutine.leave();
        }
        if (platform.isNoteLate(jobs)) {
            platform.awaitClaim(actor);
        } else if (faults.contains(Fault.NOTE_OF_JOBS_AFTER_A_SETBACK)) {
            platform.awaitSetback(actor, jobs.getFirst().trialId());
        } else if (faults.contains(Fault.NOTE_OF_JOBS_LATE)) {
            platform.database().endTurns();
            actor.pause(world.between(1_000, 60_000));
        }
        return offsets;
    }

    // ---- the reaper

    private void reap(Actor actor) {
        Instant began = platform.database().transaction(actor, Store::now);
        List<String> expired = platform.database().transaction(actor, store -> store.expired(began, MOST));
        Instant sentBefore = began.minus(UNCLAIMED);
        List<Store.Unclaimed> unclaimed = platform.database()
                .transaction(actor, store -> store.unclaimed(sentBefore, MOST))
                .getOrDefault(Searches.ENGINE, List.of());
        JobQueue queue = platform.broker().queue();
        List<String> lost = unclaimed.stream()
                .filter(one -> !queue.mayHold(one.offset()))
                .map(Store.Unclaimed::trialId)
                .toList();
        if ((expired.isEmpty() && lost.isEmpty()) || !progressIsWorkedOn(actor)) {
            return;
        }
        if (!expired.isEmpty()) {
            Done _ = change(actor, trials -> trials.expire(expired, began));
        }
        if (!lost.isEmpty()) {
            Done _ = change(actor, trials -> trials.lose(lost, new TrialOrder.Lose(sentBefore, queue)));
        }
    }

    private boolean progressIsWorkedOn(Actor actor) {
        Broker.Ends ends = platform.broker().ends(PROGRESS);
        for (int tries = 0; tries < 20; tries++) {
            if (platform.broker().isCommitted(PROGRESS, ends)) {
                return true;
            }
            actor.pause(500);
        }
        return false;
    }

    // ---- budgets

    private void inspectBudgets(Actor actor) {
        List<String> limited = platform.database().transaction(actor, Store::limited);
        limited.forEach(id -> order(actor, experiments -> experiments.inspect(id)));
    }

    private void order(Actor actor, Function<ExperimentTransactions, Done> work) {
        afterwards(platform.change(actor, work));
    }

    // ---- rankings

    private void askForAll(Actor actor) {
        OpenStage open = take(actor);
        while (open != null) {
            if (open.specification().search().drawsAtRandom()) {
                order(actor, open, new StageOrder.Draw(open.requestId()));
            } else {
                ask(actor, open);
            }
            open = take(actor);
        }
    }

    private @Nullable OpenStage take(Actor actor) {
        UUID fresh = new UUID(world.chance.nextLong(), world.chance.nextLong());
        ExperimentTransactions.Taken taken = platform.database().transaction(actor, transaction -> {
            ExperimentTransactions.Taken one =
                    new ExperimentTransactions(transaction, TERMS).take(Searches.TERMS, fresh);
            Done _ = transaction.noted(one.done());
            return one;
        });
        return taken.stage();
    }

    private void order(Actor actor, OpenStage open, StageOrder order) {
        order(actor, experiments -> experiments.order(open, order));
    }

    private void ask(Actor actor, OpenStage open) {
        Expansion expansion = new SearchSpace(open.specification().search().operations()).expand(open.parents());
        order(actor, open, new StageOrder.Expanded(open.requestId(), expansion.count()));
        List<RankingRequest> records = RequestRecords.of(open, expansion, CHUNK_BYTES);
        mayDieInTheMiddle(actor, open, records);
        if (!sent(actor, records)) {
            order(actor, open, new StageOrder.GiveBack(open.requestId()));
            return;
        }
        Set<Fault> faults = world.strike(Fault.Point.REQUEST_SENT);
        platform.user().at(faults);
        if (faults.contains(Fault.CRASH_AFTER_SENDING_REQUEST)) {
            process.die();
            Coroutine.leave();
        }
        if (faults.contains(Fault.REQUESTS_LOST)) {
            platform.broker().lose(CANDIDATES);
        }
        if (faults.contains(Fault.NOTE_OF_REQUEST_LATE)) {
            actor.pause(world.between(1_000, 60_000));
        }
        order(actor, open, new StageOrder.Asked(open.requestId()));
    }

    private void mayDieInTheMiddle(Actor actor, OpenStage open, List<RankingRequest> records) {
        Set<Fault> faults = world.strike(Fault.Point.REQUEST_BEGUN);
        boolean cancelled = faults.contains(Fault.CRASH_IN_A_REQUEST_AND_CANCELLED_UNHEARD);
        if (cancelled || faults.contains(Fault.CRASH_IN_A_REQUEST)) {
            boolean _ = sent(actor, records.subList(0, records.size() / 2));
            if (cancelled) {
                platform.cancelUnheard(open.experimentId());
            }
            process.die();
            Coroutine.leave();
        }
    }

    /** Whether the broker is known to have all of them. */
    private boolean sent(Actor actor, List<RankingRequest> records) {
        int[] open = {records.size()};
        boolean[] all = {true};
        for (RankingRequest record : records) {
            platform.broker().send(process, CANDIDATES, record.experimentId(), record, has -> {
                all[0] &= has;
                if (--open[0] == 0) {
                    actor.wake();
                }
            });
        }
        while (open[0] > 0) {
            actor.park(60_000);
        }
        return all[0];
    }

    private void readRankings(Actor actor) {
        read(
                actor,
                RANKINGS,
                RankingMessage.class,
                messages -> messages.forEach(message -> patiently(actor, () -> {
                    hear(actor, message);
                    return message;
                })));
    }

    private void hear(Actor actor, RankingMessage message) {
        try {
            order(actor, experiments -> switch (message) {
                case RankingAnswer answer -> experiments.hear(answer);
                case RankingMessage.SignOfLife sign -> experiments.hear(sign);
            });
        } catch (PnasException e) {
            world.tell("a message of a predictor goes to the dead letters: " + e.getMessage());
        }
    }
}
