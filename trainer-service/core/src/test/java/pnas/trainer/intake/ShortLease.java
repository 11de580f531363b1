package pnas.trainer.intake;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** A trainer that lives fast. */
public class ShortLease implements QuarkusTestProfile {
    static final String WORKER = "worker-of-the-test";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "pnas.trainer.worker", WORKER,
                "pnas.trainer.checkpoints", "target/checkpoints",
                "pnas.trainer.tables", "target/tables",
                "pnas.data", "target/data",
                "pnas.lease.duration", "3s",
                "quarkus.http.test-port", "0");
    }

    /** The same, started anew for tests after which it is gone. */
    public static final class OnceMore extends ShortLease {
        static final String LEAVER = "worker-that-leaves";

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> settings = new java.util.HashMap<>(super.getConfigOverrides());
            settings.put("pnas.trainer.worker", LEAVER);
            return settings;
        }
    }
}
