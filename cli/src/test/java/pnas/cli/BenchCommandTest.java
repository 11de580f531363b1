package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;

class BenchCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "--rounds=2;                --rounds must be 3 or more, got 2",
                "--rounds=-1;               --rounds must be 3 or more, got -1",
                "--rounds=many;             '--rounds': 'many' is not an int",
                "--networks=demo,none;      expected one of [DEMO, SMALL, SLIDES, SEPARABLE, LARGE] (case-insensitive) but was 'none'",
                "--python=no-such-python;   --python must be a Python that has PyTorch, got no-such-python",
                "--python=false;            --python must be a Python that has PyTorch, got false"
            })
    void refuses_a_value_that_cannot_be_measured_with(String argument, String expected) {
        CommandRun run = CommandRun.of("bench", "step", argument);

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(expected);
    }

    @Test
    void wants_a_build_of_this_project_to_compare_with(@TempDir Path folder) {
        CommandRun run = CommandRun.of("bench", "step", "--against", folder.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err())
                .contains("--against must be a folder with a build of this project, got " + folder)
                .contains("trainer-service/torch/target/quarkus-app", "run ./pnas build there");
    }

    @Test
    void tells_programs_ratios_and_their_spread_by_network() throws JsonProcessingException {
        List<BenchCommand.Line> lines = List.of(
                new BenchCommand.Line("demo", 0.25, 0.125, 0.5, 8),
                new BenchCommand.Line("demo, evaluation", 0.5, 0.25, 0.75, 8));

        assertThat(Json.parse(Json.pretty(BenchCommand.Line.document(lines)))).isEqualTo(Json.parse("""
                                [{"network": "demo", "ratio": 0.25, "least": 0.125, "most": 0.5, "rounds": 8},
                                 {"network": "demo, evaluation", "ratio": 0.5, "least": 0.25, "most": 0.75, "rounds": 8}]"""));
    }
}
