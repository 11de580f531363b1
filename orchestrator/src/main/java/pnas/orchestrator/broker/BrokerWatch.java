package pnas.orchestrator.broker;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks the broker every few seconds whether it is there, so that one can say why nothing moves. */
@ApplicationScoped
public class BrokerWatch {
    private static final Logger LOG = Logger.getLogger(BrokerWatch.class);
    private static final long SECONDS = 3;

    private final Admin admin;
    private volatile @Nullable Instant silentSince;

    BrokerWatch(Admin admin) {
        this.admin = admin;
    }

    /** Since when this orchestrator has had no answer from the broker; null while it answers. */
    public @Nullable Instant silentSince() {
        return silentSince;
    }

    @Scheduled(
            every = "5s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void ask() {
        Instant asked = Instant.now();
        try {
            admin.describeCluster().clusterId().get(SECONDS, TimeUnit.SECONDS);
            if (silentSince != null) {
                LOG.info("the broker answers again");
            }
            silentSince = null;
        } catch (ExecutionException | TimeoutException e) {
            if (silentSince == null) {
                LOG.warnf("the broker does not answer: %s", e.getCause() == null ? e : e.getCause());
                silentSince = asked;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
