package pnas.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import pnas.cli.CommandRun;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;

class ProgressDisplayTest {
    private final StringWriter printed = new StringWriter();
    private Instant now = Instant.parse("2026-03-01T10:15:30Z");

    @Test
    void a_terminal_is_drawn_over() throws JsonProcessingException {
        ProgressDisplay display = new ProgressDisplay.Redrawn(new PrintWriter(printed), 200);
        display.show(trained(139));
        assertThat(printed.toString())
                .startsWith("\033[2Kdemo (k3m9q2xa): running\n")
                .contains("139 of 152");

        printed.getBuffer().setLength(0);
        display.show(trained(140));
        assertThat(printed.toString())
                .startsWith("\033[5A\033[2Kdemo")
                .contains("140 of 152")
                .endsWith("\n\033[J");
    }

    @Test
    void a_line_that_a_terminal_would_wrap_is_folded_and_drawn_over_as_two() throws JsonProcessingException {
        ProgressDisplay display = new ProgressDisplay.Redrawn(new PrintWriter(printed), 40);
        display.show(trained(139));

        String shown = printed.toString();
        assertThat(shown.replaceAll("\033\\[\\d*[AJK]", "").lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40))
                .contains("139 of 152 trained, 2 running, 1 failed,");
        printed.getBuffer().setLength(0);
        display.show(trained(140));
        assertThat(printed.toString())
                .startsWith("\033[%dA".formatted(shown.lines().count() - 1));
    }

    @Test
    void a_log_has_no_escape_codes_and_a_line_every_few_seconds() throws JsonProcessingException {
        ProgressDisplay display = new ProgressDisplay.Logged(new PrintWriter(printed), () -> now);
        display.show(trained(1));
        display.show(trained(2));
        now = now.plus(Duration.ofSeconds(5));
        display.show(trained(3));

        assertThat(printed.toString()).doesNotContain("\033");
        assertThat(printed.toString().lines().map(line -> line.replaceAll(".*: (\\d+) of 152.*", "$1")))
                .containsExactly("1", "3");
    }

    @Test
    void a_log_tells_a_turn_at_once_and_the_same_line_once() throws JsonProcessingException {
        ProgressDisplay display = new ProgressDisplay.Logged(new PrintWriter(printed), () -> now);
        display.show(trained(1));
        display.show(ProgressTextTest.experiment("completed.json"));
        now = now.plus(Duration.ofMinutes(1));
        display.show(ProgressTextTest.experiment("completed.json"));

        assertThat(printed.toString().lines()).hasSize(2).last().asString().startsWith("completed: ");
    }

    private static Experiment trained(int trained) throws JsonProcessingException {
        ObjectNode tree = (ObjectNode) Json.parse(CommandRun.resource("running.json"));
        ((ObjectNode) tree.path("progress")).put("trained", trained);
        return Json.read(tree, Experiment.class);
    }
}
