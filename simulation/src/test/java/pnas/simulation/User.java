package pnas.simulation;

import java.util.Set;
import java.util.function.Consumer;
import pnas.failure.PnasException;
import pnas.orchestrator.life.Budget;
import pnas.orchestrator.life.Done;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.ExperimentTransactions;
import pnas.orchestrator.life.Specification;
import pnas.simulation.Database.ConnectionLost;
import pnas.simulation.World.Actor;
import pnas.simulation.World.Node;

/** Who starts searches and gives them orders. An order whose answer is lost is given again. */
final class User {
    static final String FIRST = "aaaaaaaa";
    static final String SECOND = "bbbbbbbb";

    private final Platform platform;
    private final World world;
    private final Plan plan;
    private final Node people;
    private int busy;

    User(Platform platform, Plan plan) {
        this.platform = platform;
        this.world = platform.world();
        this.plan = plan;
        this.people = world.new Node("the user");
        people.cannotDie();
        give(actor -> create(actor, FIRST));
        if (plan.second()) {
            later(world.between(0, 60_000), actor -> create(actor, SECOND));
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
            while (true) {
                try {
                    order.accept(actor);
                    busy--;
                    return;
                } catch (ConnectionLost e) {
                    actor.pause(2_000);
                } catch (PnasException e) {
                    // Its state forbids it by now.
                    world.tell("refused: " + e.getMessage());
                    busy--;
                    return;
                }
            }
        });
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
                case CANCELLED_AT_CLAIM, CANCELLED_AT_REQUEST ->
                    give(actor -> order(actor, FIRST, new ExperimentOrder.Cancel()));
                case RETRIED_AT_CLAIM, RETRIED_AT_THE_END -> give(this::retry);
                case RETRIED_AT_REQUEST -> later(world.between(0, 5_000), this::retry);
                case RETRIED_IN_A_PAUSE ->
                    give(actor -> {
                        if (state() == ExperimentState.RUNNING) {
                            order(actor, FIRST, new ExperimentOrder.Pause());
                            later(
                                    world.between(1_000, 100_000),
                                    again -> order(again, FIRST, new ExperimentOrder.Resume()));
                            retry(actor);
                        }
                    });
                case RESUMED_AT_THE_END ->
                    give(actor -> {
                        if (state() == ExperimentState.FAILED) {
                            order(actor, FIRST, new ExperimentOrder.Resume());
                        }
                    });
                case WIDENED -> give(actor -> extend(actor, 0, 2));
                case DEEPENED -> give(actor -> extend(actor, 1, 0));
                case SECOND_SEARCH -> give(actor -> create(actor, SECOND));
                default -> {}
            }
        }
    }

    private void create(Actor actor, String id) {
        Database.Transaction _ = platform.database().transaction(actor, transaction -> {
            Specification specification = Searches.of(plan);
            transaction.lock(Set.of(id));
            if (transaction.search(id).isEmpty()) {
                Done _ = transaction.noted(new ExperimentTransactions(transaction, Orchestrator.TERMS)
                        .create(
                                id,
                                id.equals(FIRST)
                                        ? specification
                                        : specification.with(
                                                specification.blocks(), specification.beam(), null, Budget.UNLIMITED),
                                null,
                                null));
            }
            return transaction;
        });
    }

    private void order(Actor actor, String id, ExperimentOrder order) {
        world.tell(id + ": " + order);
        Done _ = platform.change(
                actor, experiments -> experiments.order(id, order).orElse(Done.NOTHING));
    }

    private void pause(Actor actor, long milliseconds) {
        if (state() == ExperimentState.RUNNING) {
            order(actor, FIRST, new ExperimentOrder.Pause());
            actor.pause(milliseconds);
        }
        if (state() == ExperimentState.PAUSED) {
            order(actor, FIRST, new ExperimentOrder.Resume());
        }
    }

    /** Wants tried again what failed; refused where nothing has. */
    private void retry(Actor actor) {
        world.tell(FIRST + ": retry");
        Done _ = platform.change(
                actor, experiments -> experiments.retry(FIRST, null).orElse(Done.NOTHING));
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
            order(
                    actor,
                    FIRST,
                    new ExperimentOrder.Extend(
                            now.with(plan.blocks() + blocks, plan.beam() + cells, null, Budget.UNLIMITED)));
        }
    }

    /** A search has ended: what the plan wants then, and mostly what a budget has stopped goes on. */
    void atTheEnd() {
        Set<Fault> faults = world.strike(Fault.Point.SEARCH_ENDED);
        at(faults);
        if (faults.isEmpty() && state() == ExperimentState.STOPPED && plan.seed() % 3 > 0) {
            give(actor -> extend(actor, 0, 0));
        }
    }
}
