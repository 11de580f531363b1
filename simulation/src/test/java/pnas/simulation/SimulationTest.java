package pnas.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.life.Transitions;
import pnas.simulation.Simulation.Outcome;

/**
 * Plays schedules and looks at what must hold in each. {@code pnas.simulation.seeds} says how many; {@code pnas.simulation.seed}, and {@code
 * pnas.simulation.only} with the places of some of its faults, play one and tell what happens in it.
 */
class SimulationTest {
    /** From so many seeds on, each fault strikes often and each row of the tables is met; in fewer most rows are. */
    private static final int MANY = 1000;

    private static final double OFTEN = 0.05;
    private static final double MOST = 0.8;
    private static final int TOLD = 5;
    private static final List<String> ROWS =
            Transitions.all().stream().map(Transitions.Row::toString).toList();

    @Test
    void holds_in_every_schedule() {
        String named = System.getProperty("pnas.simulation.seed", "");
        if (!named.isEmpty()) {
            playOne(Plan.of(Long.parseLong(named)));
            return;
        }
        int seeds = Integer.getInteger("pnas.simulation.seeds", 200);
        long began = System.nanoTime();
        List<Outcome> outcomes = LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(Plan::of)
                .map(Simulation::play)
                .map(Outcome::brief)
                .toList();
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Outcome> failed =
                outcomes.stream().filter(outcome -> outcome.failure() != null).toList();
        double played = outcomes.stream().mapToLong(Outcome::milliseconds).sum() / 1000.0;
        Map<String, Long> faults =
                count(outcomes, outcome -> outcome.coverage().faults().stream().map(Fault::name));
        Map<String, Long> transitions = count(outcomes, outcome -> outcome.coverage().transitions().stream());
        tell(
                "%d seeds, %d failed; %.0f s were played in %.1f s, %.0f times faster",
                seeds, failed.size(), played, seconds, played / seconds);
        Arrays.stream(Fault.values())
                .forEach(fault -> tell("%6.1f %%  %s", 100.0 * faults.getOrDefault(fault.name(), 0L) / seeds, fault));
        ROWS.forEach(row -> tell("%6.1f %%  %s", 100.0 * transitions.getOrDefault(row, 0L) / seeds, row));
        failed.stream().limit(TOLD).forEach(outcome -> tell("%s", Simulation.report(outcome)));

        assertThat(failed)
                .extracting(outcome -> outcome.plan().seed() + ": " + outcome.failure())
                .isEmpty();
        assertThat(transitions).hasSizeGreaterThan((int) (MOST * ROWS.size()));
        if (seeds >= MANY) {
            assertThat(transitions.keySet()).containsAll(ROWS);
            assertThat(faults)
                    .hasSize(Fault.values().length)
                    .allSatisfy((_, times) -> assertThat(times).isGreaterThanOrEqualTo((long) (OFTEN * seeds)));
        }
    }

    private static void playOne(Plan whole) {
        String only = System.getProperty("pnas.simulation.only", "");
        Plan plan = only.isEmpty()
                ? whole
                : whole.only(
                        Arrays.stream(only.split(",")).map(Integer::valueOf).toList());
        Outcome outcome = Simulation.tell(plan);
        tell("seed %d: %s", plan.seed(), plan);
        outcome.trace().forEach(line -> tell("%s", line));
        if (outcome.failure() == null) {
            tell("nothing is broken");
        } else {
            tell("%s", only.isEmpty() ? Simulation.report(outcome) : outcome.failure());
        }
        assertThat(outcome.failure()).isNull();
    }

    private static Map<String, Long> count(List<Outcome> outcomes, Function<Outcome, Stream<String>> met) {
        return outcomes.stream()
                .flatMap(met)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    @SuppressWarnings("AnnotateFormatMethod") // Its annotation is not on the class path of this module.
    private static void tell(String format, Object... arguments) {
        System.out.println(String.format(Locale.ROOT, format, arguments));
    }

    @Test
    void a_seed_plays_the_same_each_time() {
        Outcome first = Simulation.tell(Plan.of(7));
        Outcome again = Simulation.tell(Plan.of(7));

        assertThat(again.milliseconds()).isEqualTo(first.milliseconds());
        assertThat(again.trace()).isEqualTo(first.trace()).isNotEmpty();
    }

    @Test
    void a_failing_schedule_is_cut_down_to_what_it_needs() {
        Plan whole = LongStream.iterate(1, seed -> seed + 1)
                .mapToObj(Plan::of)
                .filter(plan -> has(plan, Fault.TRAINER_FROZEN) && has(plan, Fault.JOB_DOUBLED))
                .findFirst()
                .orElseThrow();

        Plan least =
                Simulation.shortest(whole, plan -> has(plan, Fault.TRAINER_FROZEN) && has(plan, Fault.JOB_DOUBLED));

        assertThat(least.faults())
                .extracting(Plan.Planned::fault)
                .containsExactlyInAnyOrder(Fault.TRAINER_FROZEN, Fault.JOB_DOUBLED);
        List<Integer> places = Arrays.stream(Plan.places(least).split(","))
                .map(Integer::valueOf)
                .toList();
        assertThat(whole.only(places)).isEqualTo(least);
    }

    private static boolean has(Plan plan, Fault fault) {
        return plan.faults().stream().anyMatch(planned -> planned.fault() == fault);
    }
}
