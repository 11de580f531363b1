package pnas.orchestrator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Leases and patience that a test can wait for. */
public final class QuickTimes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of(
                "pnas.lease.duration", "3s",
                "pnas.lease.inspection", "1s",
                "pnas.lease.unclaimed", "3s",
                "pnas.ranking.patience", "2s",
                "pnas.ranking.repetitions", "2",
                "pnas.streams.patience", "2s",
                "pnas.streams.most-per-caller", "220");
    }

    @Override
    public void stop() {}
}
