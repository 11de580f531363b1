package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Which of several orchestrators decides: the one that holds a Lease of the cluster. */
final class Leadership implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final String NAME = "pnas-capacity";
    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final ExecutorService executor = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("capacity-lease-", 0).factory());
    private final Supplier<LeaderElector> elections;
    private final Runnable won;
    private volatile boolean leads;
    private @Nullable CompletableFuture<?> running;

    /**
     * Stands for election once {@link #stand} is called.
     *
     * @param identity of this process
     * @param lease how long a leader counts that is not heard; it gives up after two thirds of that, and tries to be heard every seventh
     * @param won called when this process becomes the leader
     */
    Leadership(KubernetesClient client, String namespace, String identity, Duration lease, Runnable won) {
        this.won = won;
        this.elections = () -> new LeaderElector(
                client,
                new LeaderElectionConfigBuilder()
                        .withName(NAME)
                        .withLock(new LeaseLock(namespace, NAME, identity))
                        .withLeaseDuration(lease)
                        .withRenewDeadline(lease.multipliedBy(2).dividedBy(3))
                        .withRetryPeriod(lease.dividedBy(7))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(this::start, this::stop, leader -> {}))
                        .build(),
                executor);
    }

    /** Stands for election where it does not already. Called by one thread. */
    void stand() {
        if (running == null || running.isDone()) {
            // An election ends with the leadership: this process stands again.
            running = elections.get().start();
        }
    }

    /** Whether this process decides now. */
    boolean leads() {
        return leads;
    }

    private void start() {
        leads = true;
        LOG.info("this process decides how many trainers there are");
        won.run();
    }

    private void stop() {
        leads = false;
        LOG.info("another process decides how many trainers there are");
    }

    @Override
    public void close() {
        leads = false;
        if (running != null) {
            running.cancel(true);
        }
        executor.shutdown();
        try {
            if (!executor.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
