package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;

class NetworkCommandTest {
    private static final String PNASNET_5 =
            "sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                    + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)";

    @ParameterizedTest
    @CsvSource({
        "cifar,    3, 48,   10, 3189082, 574891392",
        "imagenet, 3, 54, 1000, 5064487, 587578640",
        "slides,   3, 48,   10, 4283482, 687990144"
    })
    void prints_the_published_cell_in_each_layout(
            String layout, int repetitions, int filters, int classes, long parameters, long multiplyAdds)
            throws JsonProcessingException {
        JsonNode network = Json.parse(network(PNASNET_5, layout, repetitions, filters, classes, "-o", "json")
                .out());

        assertThat(network.path("id").asText()).isEqualTo("67dab768b4d66c13");
        assertThat(network.path("canonical").asText())
                .isEqualTo("identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(c-1) | max3x3(c-2)+sep5x5(c-2)"
                        + " | sep3x3(c-1)+sep5x5(c-1) | max3x3(c-1)+sep3x3(b4)");
        assertThat(network.path("parameters").asLong()).isEqualTo(parameters);
        assertThat(network.path("multiplyAdds").asLong()).isEqualTo(multiplyAdds);
        assertThat(sum(network, "parameters")).isEqualTo(parameters);
        assertThat(sum(network, "multiplyAdds")).isEqualTo(multiplyAdds);
    }

    @Test
    void builds_what_an_experiment_has_by_default() {
        CommandRun usual = CommandRun.of("network", "--cell", "sep3x3(c-1)+identity(c-2)", "--layout", "cifar");

        assertThat(usual.status()).isEqualTo(ExitStatus.DONE);
        assertThat(usual).isEqualTo(network("sep3x3(c-1)+identity(c-2)", "cifar", 1, 8, 10));
    }

    @Test
    void lists_the_layers_with_shapes_and_costs() {
        CommandRun run = network("identity(c-1)+dil3x3(c-2)", "cifar", 1, 4, 10, "--image", "8x8x1");

        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        assertThat(run.out()).isEqualTo(CommandRun.resource("network.txt"));
    }

    @Test
    void points_at_the_error_in_a_cell() {
        CommandRun run = network("sep3x3(b1)+identity(c-1)", "cifar", 1, 4, 10);

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--cell", "b1", "^");
    }

    @ParameterizedTest
    @CsvSource({
        "--layout,      ring,     cifar",
        "--repetitions, 0,        repetitions must be 1 to 64",
        "--filters,     5000,     filters must be 1 to 4096",
        "--classes,     1,        classes",
        "--image,       32x32,    height x width x channels",
        "--image,       0x32x3,   must be positive"
    })
    void refuses_a_value_that_no_network_has(String flag, String value, String expected) {
        List<String> arguments = new ArrayList<>(List.of("network", "--cell", "identity(c-1)+identity(c-2)"));
        for (String[] usual : new String[][] {
            {"--layout", "cifar"}, {"--repetitions", "1"}, {"--filters", "4"}, {"--classes", "10"}, {"--image", "8x8x1"}
        }) {
            arguments.addAll(usual[0].equals(flag) ? List.of(flag, value) : List.of(usual));
        }

        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).containsIgnoringCase(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "--engine; torch;    '--engine': expected one of [VECTOR] (case-insensitive) but was 'torch'",
                "--batch;  0;        --batch must be 1 to 65536, got 0",
                "--batch;  65537;    --batch must be 1 to 65536, got 65537",
                "--batch;  some;     '--batch': 'some' is not an int"
            })
    void refuses_an_engine_without_a_plan_and_a_batch_beyond_the_bounds(String flag, String value, String expected) {
        CommandRun run = network("identity(c-1)+identity(c-2)", "cifar", 1, 4, 10, flag, value);

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains(expected);
    }

    private static CommandRun network(
            String cell, String layout, int repetitions, int filters, int classes, String... more) {
        List<String> arguments = new ArrayList<>(List.of("network", "--cell", cell, "--layout", layout));
        arguments.addAll(
                List.of("--repetitions", "" + repetitions, "--filters", "" + filters, "--classes", "" + classes));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private static long sum(JsonNode network, String cost) {
        long sum = 0;
        for (JsonNode layer : network.path("layers")) {
            sum += layer.path(cost).asLong();
        }
        return sum;
    }
}
