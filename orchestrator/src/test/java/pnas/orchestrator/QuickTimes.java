package pnas.orchestrator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** What passes from time to time comes as soon as a test wants it; what would be a long wait is made long ago in the database instead. */
public final class QuickTimes implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return Map.of(
                "pnas.lease.duration", "3s",
                "pnas.lease.inspection", "1s",
                "pnas.lease.unclaimed", "3s",
                "pnas.ranking.poll", "100ms",
                "pnas.metrics.inspection", "1s",
                "pnas.ranking.repetitions", "2",
                "pnas.streams.patience", "1s",
                "pnas.streams.most-per-caller", "220");
    }

    @Override
    public void stop() {}
}
