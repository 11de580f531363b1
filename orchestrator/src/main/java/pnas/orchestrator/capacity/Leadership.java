package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
    private final Duration lease;
    private final LongSupplier nanoseconds;
    private volatile boolean leads;

    /** When the renewal that succeeded last was sent. */
    private volatile long renewedAt;

    private @Nullable CompletableFuture<?> running;

    /**
     * Stands for election once {@link #stand} is called.
     *
     * @param identity of this process
     * @param lease how long a leader counts that is not heard; it gives up after two thirds of that, and tries to be heard every seventh
     * @param nanoseconds a clock that nobody sets
     * @param won called when this process becomes the leader
     */
    Leadership(
            KubernetesClient client,
            String namespace,
            String identity,
            Duration lease,
            LongSupplier nanoseconds,
            Runnable won) {
        this.won = won;
        this.lease = lease;
        this.nanoseconds = nanoseconds;
        Lock lock = new Heard(new LeaseLock(namespace, NAME, identity));
        this.elections = () -> new LeaderElector(
                client,
                new LeaderElectionConfigBuilder()
                        .withName(NAME)
                        .withLock(lock)
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

    /** Whether this process decides now: after a lease without a renewal another one may do so, whatever this one has heard of that. */
    boolean leads() {
        return leads && nanoseconds.getAsLong() - renewedAt < lease.toNanos();
    }

    /**
     * Notes when a request was sent that renewed the Lease. Requests end long before the Lease does, and are not sent again by the client: a late one would
     * make the deadline of the election useless.
     */
    private final class Heard implements Lock {
        private final Lock lock;
        private final RequestConfig quick = new RequestConfigBuilder()
                .withRequestTimeout(Math.toIntExact(lease.dividedBy(5).toMillis()))
                .withRequestRetryBackoffLimit(0)
                .build();

        Heard(Lock lock) {
            this.lock = lock;
        }

        @Override
        public LeaderElectionRecord get(KubernetesClient client) {
            return quickly(client, lock::get);
        }

        @Override
        public void create(KubernetesClient client, LeaderElectionRecord made) {
            renewed(client, each -> lock.create(each, made));
        }

        @Override
        public void update(KubernetesClient client, LeaderElectionRecord made) {
            renewed(client, each -> lock.update(each, made));
        }

        private void renewed(KubernetesClient client, Consumer<KubernetesClient> request) {
            long sentAt = nanoseconds.getAsLong();
            var _ = quickly(client, each -> {
                request.accept(each);
                return true;
            });
            renewedAt = sentAt;
        }

        private <T> T quickly(KubernetesClient client, Function<KubernetesClient, T> request) {
            return client.adapt(NamespacedKubernetesClient.class)
                    .withRequestConfig(quick)
                    .call(request::apply);
        }

        @Override
        public String identity() {
            return lock.identity();
        }

        @Override
        public String describe() {
            return lock.describe();
        }
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
