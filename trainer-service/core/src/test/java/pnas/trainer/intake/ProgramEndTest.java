package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.message.WorkerEvent;
import pnas.testing.KafkaOnly;

/** How the program of a trainer ends that has nothing to train, or cannot. */
@QuarkusMainTest
@QuarkusTestResource(value = KafkaOnly.class, restrictToAnnotatedClass = true)
@TestProfile(ProgramEndTest.AnyPort.class)
class ProgramEndTest {
    private static final String IDLER = "worker-without-work";
    private static final Path TERMINATION_LOG = Path.of("target", "termination-log");

    private final Map<String, @Nullable String> replaced = new HashMap<>();

    /** What all the trainers of these tests have. */
    public static final class AnyPort extends ShortLease {
        public AnyPort() {
            super(Map.of(
                    "pnas.trainer.worker",
                    IDLER,
                    "pnas.trainer.termination-log",
                    TERMINATION_LOG.toAbsolutePath().toString(),
                    "quarkus.http.port",
                    "0"));
        }
    }

    /** As Kubernetes makes it. */
    @BeforeEach
    void makeTerminationLog() throws IOException {
        Files.writeString(TERMINATION_LOG, "");
    }

    @AfterEach
    void putBack() {
        replaced.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    /** A setting of the one trainer that a test launches: a profile of its own would take a build of its own, and each takes seconds. */
    private void set(String name, String value) {
        replaced.put(name, System.getProperty(name));
        System.setProperty(name, value);
    }

    @Test
    void a_trainer_without_work_says_goodbye_and_ends_with_success(QuarkusMainLauncher launcher) throws Exception {
        // Longer than the first answer of a broker takes on a busy machine.
        set("pnas.trainer.idle-exit", "10s");
        OrchestratorSide.prepareBroker();
        try (OrchestratorSide orchestrator = new OrchestratorSide()) {
            assertThat(launcher.launch().exitCode()).isZero();

            assertThat(orchestrator.workerUntil(WorkerEvent.Leaving.class, IDLER))
                    .last()
                    .isInstanceOf(WorkerEvent.Leaving.class);
        }
        assertThat(TERMINATION_LOG).isEmptyFile();
    }

    /** As without the driver of a GPU. */
    @Test
    void a_trainer_whose_engine_does_not_open_ends_as_failed_and_leaves_the_cause(QuarkusMainLauncher launcher)
            throws Exception {
        set("pnas.trainer.idle-exit", "2s");
        set("pnas.trainer.child.java-options", "-XX:+NoSuchOption");
        OrchestratorSide.prepareBroker();

        assertThat(launcher.launch().exitCode()).isEqualTo(1);

        assertThat(TERMINATION_LOG).content().contains("NoSuchOption");
    }

    /** As with a wrong address or wrong credentials. */
    @Test
    void a_trainer_that_the_broker_never_heard_ends_as_failed_and_leaves_the_cause(QuarkusMainLauncher launcher) {
        set("pnas.trainer.idle-exit", "2s");
        set("kafka.bootstrap.servers", "localhost:1");

        assertThat(launcher.launch().exitCode()).isEqualTo(1);

        assertThat(TERMINATION_LOG).content().contains("the broker has taken nothing");
    }
}
