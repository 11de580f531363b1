package pnas.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pnas.message.PredictorCommand;
import pnas.message.TrainerCommand;
import pnas.message.TrainingJob;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;
import pnas.simulation.World.Actor;

/** Everything that runs: it is started, and started again where it dies. */
final class Platform implements Database.Listener {
    private final World world;
    private final Plan plan;
    private final Broker broker;
    private final Invariants invariants;
    private final Database database;
    private final List<Trainer> trainers = new ArrayList<>();
    private final User user;
    private Predictor predictor;
    private int started;
    private final List<Actor> awaitingClaim = new ArrayList<>();
    private final List<Actor> awaitingSetback = new ArrayList<>();
    private @Nullable String toFail;
    private boolean noteOfTwinsLate;
    private long claims;
    /** Of whose requests the next withdrawal is lost. */
    private @Nullable String unheard;

    Platform(World world, Plan plan) {
        this.world = world;
        this.plan = plan;
        this.broker = new Broker(world);
        this.invariants = new Invariants(world, broker);
        this.database = new Database(world, invariants, this);
        this.user = new User(this, plan);
        startOrchestrator();
        startOrchestrator();
        this.predictor = startPredictor();
        for (int i = 0; i < plan.trainers(); i++) {
            startTrainer();
        }
    }

    World world() {
        return world;
    }

    Broker broker() {
        return broker;
    }

    Database database() {
        return database;
    }

    Invariants invariants() {
        return invariants;
    }

    int lag() {
        return plan.lag();
    }

    User user() {
        return user;
    }

    private void startOrchestrator() {
        Orchestrator orchestrator = new Orchestrator(this, "orchestrator " + ++started);
        orchestrator.process().onDeath(() -> world.after(world.between(2_000, 60_000), this::startOrchestrator));
    }

    private Predictor startPredictor() {
        Predictor begun = new Predictor(this, "predictor " + ++started, plan.rankings());
        begun.process()
                .onDeath(() -> world.after(world.between(2_000, 60_000), () -> this.predictor = startPredictor()));
        return begun;
    }

    private void startTrainer() {
        Trainer trainer = new Trainer(this, "trainer " + ++started, plan.slots());
        trainers.add(trainer);
        trainer.process().onDeath(() -> replace(trainer));
    }

    private void replace(Trainer trainer) {
        if (trainers.remove(trainer)) {
            world.after(world.between(1_000, 60_000), this::startTrainer);
        }
    }

    /** One leaves, and another one comes. */
    void leaves(Trainer trainer) {
        trainer.leave();
        replace(trainer);
    }

    /** The jobs that were sent before a crash are noted nowhere: the next note of their twins' waits until one of them is claimed. */
    void makeNoteOfTwinsLate() {
        noteOfTwinsLate = true;
    }

    /** Once after it was made so. */
    boolean isNoteLate(List<TrainingJob> jobs) {
        boolean late = noteOfTwinsLate
                && jobs.stream().anyMatch(job -> !job.experimentId().equals(User.FIRST));
        noteOfTwinsLate &= !late;
        return late;
    }

    /** Waits until some claim is granted. */
    void awaitClaim(Actor actor) {
        long until = world.now() + 300_000;
        long seen = claims;
        awaitingClaim.add(actor);
        while (claims == seen && world.now() < until) {
            actor.park(until - world.now());
        }
        awaitingClaim.remove(actor);
    }

    /** Has the next training of this trial fail, and waits until it has: it is queued again then. */
    void awaitSetback(Actor actor, String trialId) {
        long until = world.now() + 300_000;
        toFail = trialId;
        awaitingSetback.add(actor);
        while (trialId.equals(toFail) && world.now() < until) {
            actor.park(until - world.now());
        }
        awaitingSetback.remove(actor);
        // The result still has to be read.
        actor.pause(10_000);
        toFail = null;
    }

    /** Once for the training that is to fail. */
    boolean failsNow(String trialId) {
        boolean fails = trialId.equals(toFail);
        if (fails) {
            toFail = null;
            awaitingSetback.forEach(Actor::wake);
        }
        return fails;
    }

    long liveSlots() {
        return trainers.stream()
                .filter(Trainer::takesJobs)
                .mapToLong(Trainer::slots)
                .sum();
    }

    boolean trainersAreIdle() {
        return trainers.stream().allMatch(Trainer::isIdle);
    }

    void tellTrainers(TrainerCommand.Stop stop) {
        if (!world.strikes(Fault.COMMAND_LOST)) {
            List.copyOf(trainers).forEach(trainer -> trainer.hear(stop));
        }
    }

    /** Has a search cancelled, of which the predictors are not told. */
    void cancelUnheard(String experimentId) {
        unheard = experimentId;
        user.cancel(experimentId);
    }

    @Override
    public void withdrew(PredictorCommand.Withdrawn command) {
        boolean lost = command.experimentId().equals(unheard);
        if (lost) {
            unheard = null;
        }
        if (!world.strikes(Fault.COMMAND_LOST) && !lost) {
            predictor.hear(command);
        }
    }

    boolean ranksSince(long then) {
        return predictor.hasRankedSince(then);
    }

    /** What a user waits for may have happened. */
    @Override
    public void committed(List<NewEvent> events) {
        for (NewEvent event : events) {
            world.tell(() -> event.experimentId() + ": " + (event.trialId() == null ? "" : event.trialId() + " ")
                    + event.event());
            switch (event.event()) {
                case Event.TrialRunning _ -> {
                    claims++;
                    awaitingClaim.forEach(Actor::wake);
                    user.at(world.strike(Fault.Point.TRIAL_RUNNING));
                }
                case Event.TrialTrained _, Event.TrialDiverged _, Event.TrialFailed _, Event.TrialReused _ ->
                    user.at(world.strike(Fault.Point.TRIAL_TRAINED));
                case Event.StageExpanding _ -> user.at(world.strike(Fault.Point.STAGE_EXPANDING));
                default -> {}
            }
        }
    }

    /** Changes experiments in a transaction of its own. */
    Done change(Actor actor, Function<ExperimentTransactions, Done> work) {
        return database.transaction(
                actor,
                transaction ->
                        transaction.noted(work.apply(new ExperimentTransactions(transaction, Orchestrator.TERMS))));
    }
}
