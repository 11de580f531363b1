package pnas.orchestrator.broker;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Asks the broker every few seconds whether it is there, so that one can say why nothing moves. */
@ApplicationScoped
public class BrokerWatch {
    private static final Logger LOG = Logger.getLogger(BrokerWatch.class);
    private static final long SECONDS = 3;

    private final Admin admin;
    private final TopicSetup topics;
    private volatile @Nullable Instant silentSince;

    BrokerWatch(Admin admin, @Readiness TopicSetup topics) {
        this.admin = admin;
        this.topics = topics;
    }

    /**
     * Whether a record that is sent now will arrive, as far as is known. Who takes work that any orchestrator may take asks this first: with a broker
     * that does not answer it would only keep that work from one whose broker does.
     */
    public boolean isThere() {
        return topics.isDone() && silentSince == null;
    }

    /** Since when this orchestrator has had no answer from the broker; null while it answers. */
    public @Nullable Instant silentSince() {
        return silentSince;
    }

    @Scheduled(
            every = "2s",
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
