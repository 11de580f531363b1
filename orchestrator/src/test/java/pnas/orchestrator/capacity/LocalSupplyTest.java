package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.capacity.TrainerSupply.Need;
import pnas.orchestrator.capacity.Verdict.Standing;
import pnas.orchestrator.trainer.Crew;
import pnas.orchestrator.trainer.Sign;

class LocalSupplyTest {
    private static final Instant NOW = Instant.EPOCH;

    private record Wanted(Map<String, Long> trainings, Set<String> busy, Map<String, Sign> signs) implements Need {}

    @Test
    void says_how_many_are_kept_and_which_of_them_start() {
        assertThat(standings(Map.of("torch", 2), Map.of("torch", 1L), Map.of("torch", 9L)))
                .contains(new Standing("torch", 2, 1, "1 of 2 trainers starts, the platform's logs say why"));
        assertThat(standings(Map.of("torch", 2), Map.of(), Map.of("torch", 9L)))
                .contains(new Standing("torch", 2, 0, "2 of 2 trainers start, the platform's logs say why"));
        assertThat(standings(Map.of("torch", 2), Map.of("torch", 3L), Map.of("torch", 9L)))
                .as("one has joined")
                .contains(new Standing("torch", 2, 2, null));
    }

    @Test
    void says_where_there_is_none_of_an_engine_that_trainings_wait_for() {
        assertThat(standings(Map.of("torch", 2), Map.of(), Map.of("dl4j", 1L)))
                .contains(
                        new Standing("torch", 2, 0, null),
                        new Standing(
                                "dl4j",
                                0,
                                0,
                                "this platform has no trainer for engine dl4j, 'pnas up --help' says how to get one"));
        assertThat(standings(Map.of(), Map.of("dl4j", 1L), Map.of("dl4j", 1L)))
                .contains(new Standing("dl4j", 0, 0, null));
    }

    @Test
    void refuses_an_engine_that_does_not_exist() {
        assertThatThrownBy(() -> standings(Map.of("tensorflow", 1), Map.of(), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'tensorflow'");
    }

    private static List<Standing> standings(
            Map<String, Integer> kept, Map<String, Long> alive, Map<String, Long> trainings) {
        try (TrainerSupply supply = new LocalSupply(
                kept, engine -> new Crew(NOW, alive.getOrDefault(engine, 0L), alive.getOrDefault(engine, 0L), null))) {
            return supply.round(new Wanted(trainings, Set.of(), Map.of()), NOW).orElseThrow();
        }
    }
}
