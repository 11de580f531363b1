package pnas.predictor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.predictor.SampleCells;

/** The program, as the command line runs it. */
final class EvaluateMainTest {
    @TempDir
    private Path folder;

    private record Run(int status, String output, String errors) {}

    @Test
    void prints_a_result_for_each_size_and_predictor() throws Exception {
        StringBuilder table = new StringBuilder("cell,accuracy\n");
        SampleCells.observations(20, 2, new SplittableRandom(3))
                .forEach(cell -> table.append(cell.cell().text())
                        .append(',')
                        .append(cell.accuracy() == null ? "" : cell.accuracy())
                        .append('\n'));
        Run run = run("--table", table(table.toString()), "1", "gp", "mlp:refit");

        assertThat(run.status()).as(run.errors()).isZero();
        JsonNode results = new ObjectMapper().readTree(run.output());
        assertThat(results.findValuesAsText("predictor")).containsExactly("gp", "gp", "mlp:refit", "mlp:refit");
        assertThat(results.findValuesAsText("blocks")).containsExactly("2", "0", "2", "0");
        assertThat(results.get(0).path("spearman").path("mean").asDouble()).isBetween(0.5, 1.0);
        assertThat(run.errors().lines()).contains("progress gp: seed 1 of 1");
    }

    @Test
    void says_in_one_line_what_is_wrong_with_a_table() throws Exception {
        String table = table("cell,accuracy\nsep3x3(c-1)+identity(c-2),NaN\n");
        Run run = run("--table", table, "1");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors().strip())
                .isEqualTo("table " + table + " line 2, column accuracy: must be a number from 0 to 1, got 'NaN'");
    }

    private String table(String text) throws IOException {
        return Files.writeString(folder.resolve("table.csv"), text).toString();
    }

    private Run run(String... arguments) throws Exception {
        Path output = folder.resolve("output");
        Path errors = folder.resolve("errors");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                EvaluateMain.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }
}
