package pnas.trainer.intake;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.Map;

/** A trainer that lives fast. */
public class ShortLease implements QuarkusTestProfile {
    static final String WORKER = "worker-of-the-test";

    private final Map<String, String> others;

    public ShortLease() {
        this(Map.of());
    }

    /** @param others settings besides these, or in their place */
    ShortLease(Map<String, String> others) {
        this.others = others;
    }

    @Override
    public final Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "pnas.trainer.worker", WORKER,
                "pnas.trainer.checkpoints", "target/checkpoints",
                "pnas.trainer.tables", "target/tables",
                "pnas.data", "target/data",
                "pnas.lease.duration", "3s",
                "quarkus.http.test-port", "0"));
        settings.putAll(others);
        return settings;
    }

    /** The same, started anew for tests after which it is gone. */
    public static final class OnceMore extends ShortLease {
        static final String LEAVER = "worker-that-leaves";

        public OnceMore() {
            super(Map.of("pnas.trainer.worker", LEAVER));
        }
    }
}
