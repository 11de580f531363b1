package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.engine.Engine;
import pnas.local.PlatformOptions.Fleet;

class PlatformOptionsTest {
    private static final Devices PROCESSOR = new Devices(List.of(), 8, true);

    @Test
    void without_flags_it_is_one_orchestrator_and_two_trainers_on_port_8080() {
        PlatformOptions options = PlatformOptions.parse(List.of(), () -> PROCESSOR);

        assertThat(options.home()).isEqualTo(Path.of(".pnas"));
        assertThat(options.port()).isEqualTo(8080);
        assertThat(options.fleet()).isEqualTo(Fleet.choosing(1, Map.of(Engine.VECTOR, 2)));
        assertThat(options.lease()).isEmpty();
        assertThat(options.build()).isFalse();
        assertThat(options.attached()).isFalse();
        assertThat(options.stop()).isFalse();
    }

    @Test
    void each_flag_sets_its_option() {
        PlatformOptions options = PlatformOptions.parse(
                List.of(
                        "--home",
                        "/h",
                        "--install",
                        "/i",
                        "--port",
                        "9000",
                        "--orchestrators",
                        "2",
                        "--trainers",
                        "0",
                        "--torch-trainers",
                        "1",
                        "--vector-trainers",
                        "2",
                        "--dl4j-trainers",
                        "1",
                        "--replay-trainers",
                        "3",
                        "--lease",
                        "3s",
                        "--build",
                        "--attached",
                        "--stop"),
                () -> {
                    throw new AssertionError("nobody asks for what the machine has");
                });

        assertThat(options)
                .isEqualTo(new PlatformOptions(
                        Path.of("/h"),
                        Path.of("/i"),
                        9000,
                        Fleet.choosing(2, Map.of(Engine.TORCH, 1, Engine.VECTOR, 2, Engine.DL4J, 1, Engine.REPLAY, 3)),
                        Optional.of(Duration.ofSeconds(3)),
                        /* build= */ true,
                        Optional.empty(),
                        /* attached= */ true,
                        /* stop= */ true));
    }

    @Test
    void trainers_are_of_the_engine_that_fits_the_machine() {
        assertThat(fleet(PROCESSOR, "--trainers 3")).isEqualTo(Fleet.choosing(1, Map.of(Engine.VECTOR, 3)));
        assertThat(fleet(PROCESSOR, "--trainers auto")).isEqualTo(Fleet.choosing(1, Map.of(Engine.VECTOR, 4)));
        assertThat(fleet(PROCESSOR, "--trainers 1 --vector-trainers 2 --torch-trainers 1"))
                .isEqualTo(Fleet.choosing(1, Map.of(Engine.TORCH, 1, Engine.VECTOR, 3)));
        Devices old = new Devices(List.of(), 8, false);
        assertThat(fleet(old, "--trainers 3")).isEqualTo(Fleet.choosing(1, Map.of(Engine.TORCH, 3)));
        Devices gpus = new Devices(List.of("cuda:0", "cuda:1"), 64, true);
        assertThat(fleet(gpus, "--trainers auto")).isEqualTo(new Fleet(1, Map.of(Engine.TORCH, gpus.gpus())));
        assertThat(fleet(gpus, "--trainers 3")).isEqualTo(Fleet.choosing(1, Map.of(Engine.TORCH, 3)));
    }

    private static Fleet fleet(Devices machine, String flags) {
        return PlatformOptions.parse(List.of(flags.split(" ")), () -> machine).fleet();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--colour | unknown flag '--colour'",
                "--port | --port needs a value",
                "--port x | --port must be a whole number, got 'x'",
                "--port 0 | --port must leave all orchestrators a port up to 65535, got 0",
                "--port 65535 --orchestrators 2 | --port must leave all orchestrators a port up to 65535, got 65535",
                "--orchestrators 0 | at least one orchestrator is needed, got 0",
                "--trainers -1 | --trainers must not be negative, got -1",
                "--replay-trainers -2 | --replay-trainers must not be negative, got -2",
                "--dev mvn --orchestrators 2 | --dev goes with one orchestrator, got --orchestrators 2",
                "--lease soon | --lease must be a duration such as 60s or 2m, got 'soon'",
                "--lease 0s | --lease must be positive, got '0s'",
            })
    void rejects(String flags, String message) {
        assertThatThrownBy(() -> PlatformOptions.parse(List.of(flags.split(" ")), () -> PROCESSOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
