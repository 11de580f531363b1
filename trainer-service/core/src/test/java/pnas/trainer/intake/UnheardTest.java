package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusMainTest
@TestProfile(UnheardTest.WithoutBroker.class)
class UnheardTest {
    /** A trainer whose broker never answers it, as with a wrong address or wrong credentials. */
    public static final class WithoutBroker extends ShortLease {
        public WithoutBroker() {
            super(Map.of(
                    "kafka.bootstrap.servers", "localhost:1",
                    "pnas.trainer.idle-exit", "2s",
                    // As they are without UnableTest, whose settings outlive it in one process.
                    "pnas.trainer.child.java-options", "-Xmx256m",
                    "pnas.trainer.termination-log",
                            UnableTest.terminationLog("unheard").toString(),
                    "quarkus.devservices.enabled", "false",
                    "quarkus.http.port", "0"));
        }
    }

    @Test
    void a_trainer_that_the_broker_never_heard_ends_as_failed_and_leaves_the_cause(QuarkusMainLauncher launcher)
            throws Exception {
        assertThat(launcher.launch().exitCode()).isEqualTo(1);

        assertThat(Files.readString(Path.of("target", "unheard"))).contains("the broker has taken nothing");
    }
}
