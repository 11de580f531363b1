package pnas.orchestrator.trial;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import pnas.message.Topics;
import pnas.orchestrator.broker.Offsets;
import pnas.orchestrator.life.JobQueue;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.trainer.LeaseConfiguration;

/**
 * Finds trials that nobody works on though their state says so: expired leases, and jobs that are neither claimed nor in the queue.
 *
 * <p>After a restart, heartbeats may wait in the topic that would have extended a lease. So nothing is decided before every message is worked on that
 * had been sent when the pass began, and only what was over by then is ended.
 */
@ApplicationScoped
class Reaper {
    private static final Logger LOG = Logger.getLogger(Reaper.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int AT_ONCE = 1000;

    private final Store store;
    private final TrialChanges changes;
    private final TrialMetrics metrics;
    private final Offsets offsets;
    private final LeaseConfiguration lease;
    private final String group;

    Reaper(
            Store store,
            TrialChanges changes,
            TrialMetrics metrics,
            Offsets offsets,
            LeaseConfiguration lease,
            @ConfigProperty(name = "mp.messaging.incoming.progress.group.id") String group) {
        this.store = store;
        this.changes = changes;
        this.metrics = metrics;
        this.offsets = offsets;
        this.lease = lease;
        this.group = group;
    }

    @Scheduled(
            every = "${pnas.lease.inspection}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void inspect() {
        try {
            Instant began = store.now();
            List<String> expired = store.expired(began, AT_ONCE);
            List<Lost> lost = lost(began.minus(lease.unclaimed()));
            if ((expired.isEmpty() && lost.isEmpty()) || !progressIsWorkedOn()) {
                return;
            }
            if (!expired.isEmpty()) {
                metrics.count(changes.expire(expired, began));
            }
            for (Lost jobs : lost) {
                metrics.count(changes.lose(jobs.trials(), jobs.order()));
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf("the broker did not say how far progress is read, so no lease ends: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean progressIsWorkedOn() throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> ends = offsets.ends(Topics.PROGRESS);
        for (Duration waited = Duration.ZERO; waited.compareTo(PATIENCE) < 0; waited = waited.plus(PAUSE)) {
            if (offsets.committed(group, ends)) {
                return true;
            }
            Thread.sleep(PAUSE);
        }
        LOG.warn("progress is not read up to its end yet, so no lease ends");
        return false;
    }

    /** Trials of one engine whose jobs are lost, as far as can be told without their locks. */
    private record Lost(List<String> trials, TrialOrder.Lose order) {}

    private List<Lost> lost(Instant sentBefore) throws InterruptedException, ExecutionException, TimeoutException {
        List<Lost> lost = new ArrayList<>();
        for (Map.Entry<String, List<Store.Unclaimed>> engine :
                store.unclaimed(sentBefore, AT_ONCE).entrySet()) {
            JobQueue queue = offsets.jobs(engine.getKey());
            List<String> trials = engine.getValue().stream()
                    .filter(unclaimed -> !queue.mayHold(unclaimed.offset()))
                    .map(Store.Unclaimed::trialId)
                    .toList();
            if (!trials.isEmpty()) {
                lost.add(new Lost(trials, new TrialOrder.Lose(sentBefore, queue)));
            }
        }
        return lost;
    }
}
