package pnas.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import pnas.cli.platform.Experiment;

class FarewellTest {
    private final StringWriter printed = new StringWriter();
    private final ProgressDisplay display = new ProgressDisplay.Redrawn(new PrintWriter(printed), 80);

    @Test
    void is_said_once_and_nothing_is_drawn_over_it() throws JsonProcessingException {
        Experiment experiment = ProgressTextTest.experiment("running.json");
        try (Farewell farewell = new Farewell(() -> printed.append("The search goes on."))) {
            ProgressDisplay guarded = farewell.unlessTold(display);
            guarded.show(experiment);
            assertThat(printed.toString()).contains("139 of 152 trained").doesNotContain("goes on");

            farewell.tell();
            farewell.tell();
            guarded.show(experiment);
        }

        assertThat(printed.toString()).endsWith("\033[JThe search goes on.");
    }

    @Test
    void is_not_said_by_a_command_that_is_done() {
        new Farewell(() -> printed.append("The search goes on.")).close();

        assertThat(printed.toString()).isEmpty();
    }
}
