package pnas.orchestrator.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.message.TrainingProgress.Machine;

class EngineChoiceTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // live trainers, engine on device | expected engines, on devices of nodes where it says so | chosen
                "- | - | torch",
                "- | torch | torch",
                "- | vector | vector",
                "- | torch, vector | vector",
                "- | dl4j, replay | torch",
                "- | torch on devices | torch",
                "- | torch, vector on devices | torch",
                "- | dl4j, vector on devices | vector",
                "vector on AMD EPYC 7B13 | torch on devices | torch",
                "vector on AMD EPYC 9654 96-Core Processor | - | vector",
                "torch on Intel(R) Xeon(R) Processor | - | torch",
                "torch on Intel(R) Xeon(R) Processor; vector on Intel(R) Xeon(R) Processor | - | vector",
                "torch on Intel(R) Xeon(R) Processor | vector | vector",
                "torch on NVIDIA H100 80GB HBM3 | - | torch",
                "torch on NVIDIA H100 80GB HBM3; vector on Intel(R) Xeon(R) Processor | vector | torch",
                "torch on Tesla T4; torch on AMD EPYC 7B13; vector on AMD EPYC 7B13 | - | torch",
                "dl4j on NVIDIA A100; vector on Intel(R) Xeon(R) Processor | - | vector",
                "replay on Intel(R) Xeon(R) Processor | - | torch",
            })
    void gpus_get_torch_and_processors_vector(@Nullable String live, @Nullable String expected, String chosen) {
        List<Machine> machines = live == null
                ? List.of()
                : Arrays.stream(live.split("; "))
                        .map(trainer -> trainer.split(" on "))
                        .map(trainer -> new Machine(trainer[0], "1", trainer[1]))
                        .toList();
        String names = expected == null ? "" : expected.replace(" on devices", "");
        Set<String> engines = names.isEmpty() ? Set.of() : Set.of(names.split(", "));
        boolean onDevices = expected != null && !names.equals(expected);

        assertThat(new EngineChoice(machines, engines, onDevices).engine().text())
                .isEqualTo(chosen);
    }

    @Test
    void a_draft_may_name_every_engine_or_leave_it_open() {
        assertThat(EngineChoice.names()).containsExactly("auto", "torch", "vector", "dl4j", "replay");
    }
}
