package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pnas.message.WorkerEvent;
import pnas.testing.KafkaOnly;

@QuarkusMainTest
@QuarkusTestResource(value = KafkaOnly.class, restrictToAnnotatedClass = true)
@TestProfile(IdleTest.Leaving.class)
class IdleTest {
    /** A trainer that does not wait long for work. */
    public static final class Leaving extends ShortLease {
        public Leaving() {
            super(Map.of(
                    "pnas.trainer.worker", "worker-without-work",
                    // Longer than the first answer of a broker takes on a busy machine.
                    "pnas.trainer.idle-exit", "10s",
                    "quarkus.http.port", "0"));
        }
    }

    @Test
    void a_trainer_without_work_says_goodbye_and_ends_with_success(QuarkusMainLauncher launcher) throws Exception {
        OrchestratorSide.prepareBroker();
        try (OrchestratorSide orchestrator = new OrchestratorSide()) {
            assertThat(launcher.launch().exitCode()).isZero();

            assertThat(orchestrator.workerUntil(WorkerEvent.Leaving.class, "worker-without-work"))
                    .last()
                    .isInstanceOf(WorkerEvent.Leaving.class);
        }
    }
}
