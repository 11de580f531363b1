package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import pnas.testing.KafkaOnly;

/** What it says when it leaves, {@link LeavingTest} hears. */
@QuarkusMainTest
@QuarkusTestResource(value = KafkaOnly.class, restrictToAnnotatedClass = true)
@TestProfile(IdleTest.Leaving.class)
class IdleTest {
    /** A trainer that does not wait long for work. */
    public static final class Leaving extends ShortLease {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
            settings.put("pnas.trainer.worker", "worker-without-work");
            settings.put("pnas.trainer.idle-exit", "2s");
            settings.put("quarkus.http.port", "0");
            return settings;
        }
    }

    @Test
    void a_trainer_without_work_leaves_in_good_order_and_ends_with_success(QuarkusMainLauncher launcher) {
        assertThat(launcher.launch().exitCode()).isZero();
    }
}
