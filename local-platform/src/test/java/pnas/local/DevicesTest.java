package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.engine.Engine;

class DevicesTest {
    @Test
    void each_gpu_gets_a_trainer_that_is_told_its_number() {
        String gpus = """
                GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5f1b0a3e)
                  MIG 1g.10gb     Device  0: (UUID: MIG-3c9)
                GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-77aa)
                """;

        Devices devices = Devices.of(gpus, 64, "");

        assertThat(devices.gpus()).containsExactly("cuda:0", "cuda:1");
        assertThat(devices.trainers()).isEqualTo(2);
        assertThat(devices.engine()).isEqualTo(Engine.TORCH);
        assertThat(devices.devices(2)).containsExactly("cuda:0", "cuda:1");
        assertThat(devices.devices(1)).containsExactly("auto");
    }

    @Test
    void without_a_gpu_two_cores_get_a_trainer_and_there_is_one_at_least() {
        assertThat(Devices.of("", 8, "").trainers()).isEqualTo(4);
        assertThat(Devices.of("No devices found.\n", 3, "").trainers()).isEqualTo(1);
        assertThat(Devices.of("", 1, "").trainers()).isEqualTo(1);
    }

    @Test
    void processors_without_avx2_want_libtorch() {
        String flags = "processor\t: 0\nflags\t\t: fpu sse2 avx %s fma\nbugs\t\t: spectre_v1\n";

        assertThat(Devices.of("", 2, flags.formatted("avx2")).engine()).isEqualTo(Engine.VECTOR);
        assertThat(Devices.of("", 2, flags.formatted("avx512f")).engine()).isEqualTo(Engine.TORCH);
        assertThat(Devices.of("", 2, flags.formatted("avx256")).engine()).isEqualTo(Engine.TORCH);
    }

    @Test
    void a_processor_without_avx2_is_remarked_on_unless_gpus_train() {
        assertThat(new Devices(List.of(), 2, false).remark())
                .contains("The processor has no AVX2, which engine vector needs: trainers are those with libtorch.");
        assertThat(new Devices(List.of(), 2, true).remark()).isEmpty();
        assertThat(new Devices(List.of("cuda:0"), 2, false).remark()).isEmpty();
    }

    @Test
    void something_is_found_on_every_machine() {
        assertThat(Devices.find().trainers()).isPositive();
    }
}
