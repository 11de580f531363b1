package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DevicesTest {
    @Test
    void each_gpu_gets_a_trainer_that_is_told_its_number() {
        String gpus = """
                GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-5f1b0a3e)
                  MIG 1g.10gb     Device  0: (UUID: MIG-3c9)
                GPU 1: NVIDIA H100 80GB HBM3 (UUID: GPU-77aa)
                """;

        assertThat(Devices.choose(gpus, 64)).containsExactly("cuda:0", "cuda:1");
    }

    @Test
    void without_a_gpu_two_cores_get_a_trainer_and_there_is_one_at_least() {
        assertThat(Devices.choose("", 8)).containsExactly("auto", "auto", "auto", "auto");
        assertThat(Devices.choose("No devices found.\n", 3)).containsExactly("auto");
        assertThat(Devices.choose("", 1)).containsExactly("auto");
    }

    @Test
    void something_is_found_on_every_machine() {
        assertThat(Devices.find()).isNotEmpty();
    }
}
