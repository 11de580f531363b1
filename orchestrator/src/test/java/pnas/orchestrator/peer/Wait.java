package pnas.orchestrator.peer;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waiting for what will come soon: it is looked for at once and then often, since most of it is there within milliseconds. */
public final class Wait {
    private Wait() {}

    public static ConditionFactory await() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20));
    }
}
