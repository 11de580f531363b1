package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PresetsTest {
    @Test
    void there_are_three_presets_in_the_order_of_their_cost() {
        assertThat(Presets.all().keySet()).containsExactly("demo", "slides", "paper");
    }
}
