package pnas.simulation;

import java.util.Set;
import java.util.function.Consumer;
import pnas.failure.PnasException;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Specification;
import pnas.simulation.Database.ConnectionLost;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/** Who starts searches and gives them orders. An order whose answer is lost is given again. */
final class User {
    static final String FIRST = "bbbbbbbb";

    private final Platform platform;
    private final World world;
    private final Plan plan;
    private final Node people;
    /** Which of two that train the same is sent goes by their ids. */
    private final String second;

    private int busy;
    private boolean resumed;

    User(Platform platform, Plan plan) {
        this.platform = platform;
        this.world = platform.world();
        this.plan = plan;
        this.people = world.new Node("the user");
        people.cannotDie();
        second = plan.seed() % 2 == 0 ? "aaaaaaaa" : "cccccccc";
        give(actor -> create(actor, FIRST));
        if (plan.second()) {
            later(world.between(0, 60_000), actor -> create(actor, second));
        }
    }

    /** Whether an order is under way. */
    boolean isBusy() {
        return busy > 0;
    }

    private void later(long milliseconds, Consumer<Actor> order) {
        give(actor -> {
            actor.pause(milliseconds);
            order.accept(actor);
        });
    }

    private void give(Consumer<Actor> order) {
        busy++;
        people.start(actor -> {
            try {
                order.accept(actor);
            } catch (PnasException e) {
                // Its state forbids it by now.
                world.tell("refused: " + e.getMessage());
            }
            busy--;
        });
    }

    /** Nobody knows whether an order whose answer is lost was obeyed: it is given again. What was obeyed before changes nothing then, or is refused. */
    private static void patiently(Actor actor, Runnable order) {
        while (true) {
            try {
                order.run();
                return;
            } catch (ConnectionLost e) {
                actor.pause(2_000);
            }
        }
    }

    /** What the plan wants now. */
    void at(Set<Fault> faults) {
        for (Fault fault : faults) {
            switch (fault) {
                case CRASHED_AND_PAUSED_AFTER_SENDING_JOBS,
                        PAUSED_AT_CLAIM,
                        PAUSED_AT_DISPATCH,
                        PAUSED_AT_RESULT,
                        PAUSED_AT_REQUEST -> give(actor -> pause(actor, world.between(100, 200_000)));
                case PAUSED_AT_THE_LAST_RESULT -> give(actor -> pause(actor, 3_600_000));
                case CANCELLED_AT_CLAIM, CANCELLED_AT_REQUEST -> cancel(FIRST);
                case RETRIED_AT_CLAIM, RETRIED_AT_EXPANSION, RETRIED_AT_THE_END -> give(this::retry);
                case RETRIED_AT_REQUEST -> later(world.between(0, 5_000), this::retry);
                case RETRIED_IN_A_PAUSE ->
                    give(actor -> {
                        if (state() == ExperimentState.RUNNING) {
                            order(actor, new ExperimentOrder.Pause());
                            later(world.between(1_000, 100_000), again -> order(again, new ExperimentOrder.Resume()));
                            retry(actor);
                        }
                    });
                case RESUMED_AT_THE_END ->
                    give(actor -> {
                        if (state() == ExperimentState.FAILED) {
                            order(actor, new ExperimentOrder.Resume());
                        }
                    });
                case WIDENED -> give(actor -> extend(actor, 0, 2));
                case DEEPENED -> give(actor -> extend(actor, 1, 0));
                case SECOND_SEARCH, CRASHED_AND_TWINS_BEGUN_AFTER_SENDING_JOBS -> give(actor -> create(actor, second));
                default -> {}
            }
        }
    }

    private void create(Actor actor, String id) {
        Specification specification = Searches.of(plan);
        Specification asked =
                id.equals(FIRST) ? specification : specification.with(specification.search(), Budget.UNLIMITED);
        patiently(
                actor,
                () -> platform.database().transaction(actor, transaction -> {
                    transaction.lock(Set.of(id));
                    if (transaction.search(id).isEmpty()) {
                        ExperimentTransactions experiments =
                                new ExperimentTransactions(transaction, Orchestrator.TERMS);
                        Done _ = transaction.noted(experiments.create(id, asked, null, null));
                    }
                    return id;
                }));
    }

    void cancel(String id) {
        give(actor -> order(actor, id, new ExperimentOrder.Cancel()));
    }

    private void order(Actor actor, ExperimentOrder order) {
        order(actor, FIRST, order);
    }

    private void order(Actor actor, String id, ExperimentOrder order) {
        world.tell(id + ": " + order);
        patiently(
                actor,
                () -> platform.change(
                        actor, experiments -> experiments.order(id, order).orElse(Done.NOTHING)));
    }

    private void pause(Actor actor, long milliseconds) {
        if (state() == ExperimentState.RUNNING) {
            order(actor, new ExperimentOrder.Pause());
            actor.pause(milliseconds);
        }
        if (state() == ExperimentState.PAUSED) {
            order(actor, new ExperimentOrder.Resume());
        }
    }

    /** Wants tried again what failed; refused where nothing has. */
    private void retry(Actor actor) {
        world.tell(FIRST + ": retry");
        patiently(
                actor,
                () -> platform.change(
                        actor, experiments -> experiments.retry(FIRST, null).orElse(Done.NOTHING)));
    }

    private ExperimentState state() {
        return platform.database().experiment(FIRST).state();
    }

    /** Has a search that is over go on with more. */
    private void extend(Actor actor, int blocks, int cells) {
        Experiment experiment = platform.database().experiment(FIRST);
        Specification now = experiment.specification();
        if (experiment.state() != ExperimentState.CANCELLED
                && experiment.state().isTerminal()) {
            order(actor, new ExperimentOrder.Extend(Searches.raised(now, plan.blocks() + blocks, plan.beam() + cells)));
        }
    }

    /** A search has ended: what the plan wants then; what a budget has stopped mostly goes on, and often what has failed, once. */
    void atTheEnd() {
        Set<Fault> faults = world.strike(Fault.Point.SEARCH_ENDED);
        at(faults);
        if (faults.isEmpty() && state() == ExperimentState.STOPPED && plan.seed() % 3 > 0) {
            give(actor -> extend(actor, 0, 0));
        }
        if (faults.isEmpty() && state() == ExperimentState.FAILED && plan.seed() % 2 > 0 && !resumed) {
            resumed = true;
            give(actor -> order(actor, new ExperimentOrder.Resume()));
        }
    }
}
