package pnas.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.specification.Specification;
import pnas.simulation.Plan.Planned;

/** Plays schedules. */
final class Simulation {
    private static final long LONGEST = 12 * 3_600_000L;
    /** After the end, so that what is still on its way arrives and changes nothing. */
    private static final long AFTERWARDS = 300_000;
    /** How long a predictor may not know that nobody waits for what it ranks. */
    private static final long UNWANTED = 150_000;

    private Simulation() {}

    /**
     * How a schedule went.
     *
     * @param failure what was broken; null where nothing was
     * @param milliseconds how long it took in its own time
     * @param trace what went wrong, for a person
     */
    record Outcome(Plan plan, @Nullable String failure, Coverage coverage, long milliseconds, List<String> trace) {
        /** The same without its trace. */
        Outcome brief() {
            return new Outcome(plan, failure, coverage, milliseconds, List.of());
        }
    }

    /** Plays a schedule to its end. */
    static Outcome play(Plan plan) {
        return play(plan, /* told= */ false);
    }

    /** The same, and tells what happens in it. */
    static Outcome tell(Plan plan) {
        return play(plan, /* told= */ true);
    }

    private static Outcome play(Plan plan, boolean told) {
        World world = new World(plan, told);
        String failure = null;
        try {
            comesToTheSame(plan, play(plan, world));
        } catch (World.Broken e) {
            failure = e.getMessage();
        } catch (RuntimeException | Error e) {
            failure = e + " at "
                    + Arrays.stream(e.getStackTrace())
                            .limit(6)
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining(", "));
        }
        return new Outcome(plan, failure, world.coverage, world.now(), world.trace());
    }

    private static Platform play(Plan plan, World world) {
        Platform platform = new Platform(world, plan);
        long overSince = -1;
        while (overSince < 0 || world.now() < overSince + AFTERWARDS) {
            if (!world.step()) {
                throw World.broken("nothing is left to do");
            }
            if (world.now() > LONGEST) {
                throw World.broken("it does not end: %s", open(platform.database()));
            }
            if (!isOver(platform)) {
                overSince = -1;
            } else if (overSince < 0) {
                overSince = world.now();
                platform.user().atTheEnd();
            }
        }
        if (platform.ranksSince(world.now() - UNWANTED)) {
            throw World.broken("a predictor ranks what nobody waits for");
        }
        for (String topic : List.of(Orchestrator.PROGRESS, Orchestrator.RANKINGS, Orchestrator.CANDIDATES)) {
            if (!platform.broker().isCommitted(topic, platform.broker().ends(topic))) {
                throw World.broken("records of %s are never done with", topic);
            }
        }
        platform.invariants().atTheEnd(platform.database(), plan.faults().isEmpty());
        return platform;
    }

    private static boolean isOver(Platform platform) {
        return !platform.user().isBusy()
                && platform.trainersAreIdle()
                && !platform.database().searches().isEmpty()
                && platform.database().searches().stream()
                        .allMatch(search -> search.life().experiment().state().isTerminal());
    }

    private static String open(Database database) {
        Stream<String> searches = database.searches().stream()
                .map(Store.Search::life)
                .map(life -> life.experiment().id() + " is "
                        + life.experiment().state()
                        + life.stages().stream()
                                .map(stage -> ", stage " + stage.number() + " " + stage.state())
                                .collect(Collectors.joining()));
        Stream<String> trials = database.trials().stream()
                .filter(trial -> !trial.state().isTerminal())
                .map(trial -> trial.id() + " is " + trial.state());
        return Stream.concat(searches, trials).collect(Collectors.joining("; "));
    }

    /**
     * What a search has come to: its cells by stage and rank, as they were predicted and as they were measured.
     *
     * @return null where it did not come to its end, or a trial failed whose cell can be trained
     */
    private static @Nullable String result(Database database, String id) {
        List<Trial> chosen = database.trials().stream()
                .filter(trial -> trial.subject().experimentId().equals(id) && !trial.setAside())
                .toList();
        boolean whole = database.experiment(id).state() == ExperimentState.COMPLETED
                && chosen.stream()
                        .noneMatch(trial -> trial.state() == TrialState.FAILED
                                && !Cells.neverTrains(trial.subject().cellId()));
        return whole
                ? chosen.stream()
                        .map(trial -> line(trial, database.place(trial.id())))
                        .sorted()
                        .collect(Collectors.joining("\n"))
                : null;
    }

    private static String line(Trial trial, NewTrial place) {
        return "stage %d rank %03d %s repeat %d predicted %s measured %s"
                .formatted(
                        trial.subject().stage(),
                        place.rank(),
                        place.encoding().text(),
                        place.repeat(),
                        place.predicted(),
                        trial.standing() instanceof Trial.Standing.Trained trained
                                ? trained.accuracy()
                                : trial.state());
    }

    /** Without faults, and asked from its beginning for what was asked for in the end, a search comes to the same. */
    private static void comesToTheSame(Plan plan, Platform platform) {
        Map<Plan, Optional<String>> undisturbed = new HashMap<>();
        for (Store.Search search : platform.database().searches()) {
            Experiment experiment = search.life().experiment();
            Specification asked = experiment.specification();
            String result = result(platform.database(), experiment.id());
            if (result == null || plan.faults().isEmpty()) {
                continue;
            }
            Plan calm = plan.undisturbed(asked.search().blocks(), asked.search().beam());
            String expected = undisturbed
                    .computeIfAbsent(
                            calm,
                            _ -> Optional.ofNullable(result(
                                    play(calm, new World(calm, /* told= */ false))
                                            .database(),
                                    User.FIRST)))
                    .orElse("nothing");
            if (!expected.equals(result)) {
                throw World.broken("%s has come to%n%s%nand without faults to%n%s", experiment.id(), result, expected);
            }
        }
    }

    /** The same with as few faults as still fail: each is left out that is not needed. */
    static Plan shortest(Plan plan, Predicate<Plan> fails) {
        Plan least = plan;
        for (int i = plan.faults().size() - 1; i >= 0; i--) {
            List<Planned> fewer = new ArrayList<>(least.faults());
            fewer.remove(i);
            if (fails.test(least.with(fewer))) {
                least = least.with(fewer);
            }
        }
        return least;
    }

    /** For a person: what was broken, by what, and how to see it again. */
    static String report(Outcome failed) {
        Outcome least = tell(shortest(failed.plan(), plan -> play(plan).failure() != null));
        return """
                seed %d: %s
                    the shortest schedule: %s
                    again: ./pnas test --simulate --seed %d --only %s
                %s""".formatted(
                        failed.plan().seed(),
                        least.failure(),
                        least.plan(),
                        failed.plan().seed(),
                        Plan.places(least.plan()),
                        least.trace().stream().map(line -> "    " + line).collect(Collectors.joining("\n")));
    }
}
