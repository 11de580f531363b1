package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pnas.testing.KafkaOnly;

@QuarkusMainTest
@QuarkusTestResource(value = KafkaOnly.class, restrictToAnnotatedClass = true)
@TestProfile(UnableTest.WithoutEngine.class)
class UnableTest {
    /** A trainer whose process that trains never comes up, as without the driver of a GPU. */
    public static final class WithoutEngine extends ShortLease {
        public WithoutEngine() {
            super(Map.of(
                    "pnas.trainer.idle-exit", "2s",
                    "pnas.trainer.child.java-options", "-XX:+NoSuchOption",
                    "pnas.trainer.termination-log", terminationLog("unable").toString(),
                    "quarkus.http.port", "0"));
        }
    }

    /** As Kubernetes makes it. */
    static Path terminationLog(String name) {
        try {
            Path file = Path.of("target", name);
            return Files.writeString(file, "").toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_trainer_whose_engine_does_not_open_ends_as_failed_and_leaves_the_cause(QuarkusMainLauncher launcher)
            throws Exception {
        OrchestratorSide.prepareBroker();

        assertThat(launcher.launch().exitCode()).isEqualTo(1);

        assertThat(Files.readString(Path.of("target", "unable"))).contains("NoSuchOption");
    }
}
