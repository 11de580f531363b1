package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerConfigurationTest {
    @Test
    void has_defaults() throws IOException {
        TrainerConfiguration trainer = read(Map.of());
        assertThat(trainer.engine()).isEqualTo("replay");
        assertThat(trainer.worker()).isEmpty();
        assertThat(trainer.slots()).isEqualTo(1);
        assertThat(trainer.device()).isEqualTo("auto");
        assertThat(trainer.checkpoints()).isEqualTo(Path.of(".pnas/checkpoints"));
        assertThat(trainer.tables()).isEqualTo(Path.of(".pnas/tables"));
        assertThat(trainer.memoryLimit()).isEmpty();
        assertThat(trainer.stallLimit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(trainer.idleExit()).isEmpty();
        assertThat(trainer.grace()).isEqualTo(Duration.ofSeconds(20));
        assertThat(trainer.child().environment()).isEmpty();
        assertThat(config(Map.of()).getConfigMapping(LeaseConfiguration.class).duration())
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(config(Map.of()).getConfigMapping(DataConfiguration.class).folder())
                .isEqualTo(Path.of(".pnas/data"));
        assertThat(config(Map.of()).getConfigMapping(ModelConfiguration.class).folder())
                .isEmpty();
    }

    @Test
    void takes_every_setting() throws IOException {
        TrainerConfiguration trainer = read(Map.ofEntries(
                Map.entry("pnas.trainer.engine", "torch"),
                Map.entry("pnas.trainer.worker", "gpu-1"),
                Map.entry("pnas.trainer.slots", "2"),
                Map.entry("pnas.trainer.device", "cuda:1"),
                Map.entry("pnas.trainer.checkpoints", "/shared/checkpoints"),
                Map.entry("pnas.trainer.tables", "/shared/tables"),
                Map.entry("pnas.trainer.memory-limit", "4G"),
                Map.entry("pnas.trainer.stall-limit", "90s"),
                Map.entry("pnas.trainer.idle-exit", "5m"),
                Map.entry("pnas.trainer.grace", "10s"),
                Map.entry("pnas.trainer.child.java-options", "-Xmx1g,-Xlog:gc"),
                Map.entry("pnas.trainer.child.environment.MALLOC_ARENA_MAX", "1")));
        assertThat(trainer.engine()).isEqualTo("torch");
        assertThat(trainer.worker()).contains("gpu-1");
        assertThat(trainer.slots()).isEqualTo(2);
        assertThat(trainer.device()).isEqualTo("cuda:1");
        assertThat(trainer.checkpoints()).isEqualTo(Path.of("/shared/checkpoints"));
        assertThat(trainer.tables()).isEqualTo(Path.of("/shared/tables"));
        assertThat(trainer.memoryLimit()).map(MemorySize::asLongValue).contains(4L << 30);
        assertThat(trainer.stallLimit()).isEqualTo(Duration.ofSeconds(90));
        assertThat(trainer.idleExit()).contains(Duration.ofMinutes(5));
        assertThat(trainer.grace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(trainer.child().javaOptions()).contains(List.of("-Xmx1g", "-Xlog:gc"));
        assertThat(trainer.child().environment()).containsExactly(Map.entry("MALLOC_ARENA_MAX", "1"));
    }

    @Test
    void takes_the_folders_of_data_sets_and_models_from_the_settings_that_the_orchestrator_reads_too()
            throws IOException {
        assertThat(config(Map.of("pnas.models", "/shared/models"))
                        .getConfigMapping(ModelConfiguration.class)
                        .folder())
                .contains(Path.of("/shared/models"));
        assertThat(config(Map.of("pnas.data", "/shared/data"))
                        .getConfigMapping(DataConfiguration.class)
                        .folder())
                .isEqualTo(Path.of("/shared/data"));
        assertThat(config(Map.of("pnas.data.cache", "/node/data"))
                        .getConfigMapping(DataConfiguration.class)
                        .cache())
                .isEqualTo(Path.of("/node/data"));
    }

    @Test
    void rejects_what_is_no_setting() {
        assertThatThrownBy(() -> read(Map.of("pnas.trainer.slotz", "2"))).hasMessageContaining("slotz");
        assertThatThrownBy(() -> read(Map.of("pnas.trainer.slots", "many"))).hasMessageContaining("slots");
    }

    private static TrainerConfiguration read(Map<String, String> settings) throws IOException {
        return config(settings).getConfigMapping(TrainerConfiguration.class);
    }

    private static SmallRyeConfig config(Map<String, String> settings) throws IOException {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(TrainerConfiguration.class)
                .withMapping(LeaseConfiguration.class)
                .withMapping(DataConfiguration.class)
                .withMapping(ModelConfiguration.class)
                .withSources(
                        new PropertiesConfigSource(
                                TrainerConfiguration.class.getResource("/META-INF/microprofile-config.properties")),
                        new PropertiesConfigSource(settings, "settings of the test", 500))
                .build();
    }
}
