package pnas.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import pnas.message.TrainerCommand;
import pnas.orchestrator.life.Done;
import pnas.orchestrator.life.ExperimentTransactions;
import pnas.orchestrator.life.TrialEffects;
import pnas.simulation.World.Actor;

/** Everything that runs: it is started, and started again where it dies. */
final class Platform {
    private final World world;
    private final Plan plan;
    private final Broker broker;
    private final Invariants invariants;
    private final Database database;
    private final List<Trainer> trainers = new ArrayList<>();
    private final User user;
    private int started;

    Platform(World world, Plan plan) {
        this.world = world;
        this.plan = plan;
        this.broker = new Broker(world);
        this.invariants = new Invariants(broker);
        this.database = new Database(world, invariants);
        this.user = new User(this, plan);
        startOrchestrator();
        startOrchestrator();
        startPredictor();
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

    private void startPredictor() {
        Predictor predictor = new Predictor(this, "predictor " + ++started);
        predictor.process().onDeath(() -> world.after(world.between(2_000, 60_000), this::startPredictor));
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

    /** A transaction of trials has decided this; what a user waits for may have happened. */
    void committed(Done done) {
        for (TrialEffects effects : done.trials()) {
            if (effects.events().stream().anyMatch(event -> event.type().equals("trial.running"))) {
                user.at(world.strike(Fault.Point.TRIAL_RUNNING));
            }
            if (effects.over()) {
                user.at(world.strike(Fault.Point.TRIAL_TRAINED));
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
