package pnas.orchestrator.broker;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.access.BrokerRights;
import pnas.engine.Engine;
import pnas.message.TopicPrefix;
import pnas.message.Topics;

/**
 * Asks the broker every few seconds whether it is there, and whether it lets this orchestrator read and write what it must, so that one can say why nothing
 * moves: readers and writers try again for ever, and tell nobody but the log.
 */
@ApplicationScoped
public class BrokerWatch {
    private static final Logger LOG = Logger.getLogger(BrokerWatch.class);
    private static final long SECONDS = 3;

    private final Admin admin;
    private final BrokerRights needed;
    private final TopicSetup topics;
    private volatile @Nullable Instant silentSince;
    private volatile @Nullable String obstacle;

    BrokerWatch(Admin admin, TopicSetup topics, BrokerConfig config) {
        this.admin = admin;
        this.topics = topics;
        this.needed = needed(TopicPrefix.of(config.prefix()));
    }

    private static BrokerRights needed(TopicPrefix prefix) {
        Stream<Map.Entry<String, AclOperation>> read =
                Records.READ_HERE.stream().map(topic -> Map.entry(topic, AclOperation.READ));
        Stream<Map.Entry<String, AclOperation>> written = Stream.concat(
                        Stream.of(Topics.CANDIDATES, Topics.CONTROL),
                        Engine.texts().stream().map(Topics::jobs))
                .map(topic -> Map.entry(topic, AclOperation.WRITE));
        return new BrokerRights(
                Stream.concat(read, written)
                        .collect(Collectors.toUnmodifiableMap(
                                topic -> prefix.before(topic.getKey()), Map.Entry::getValue)),
                Records.READ_HERE.stream()
                        .map(topic -> prefix.before(topic.replace("pnas.", "pnas.orchestrator.")))
                        .toList());
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

    /** Why this orchestrator can't work with the broker, as far as is known; null where it can. */
    public @Nullable String obstacle() {
        return topics.isDone() ? obstacle : topics.obstacle();
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
            obstacle = topics.isDone() ? needed.missing(admin) : null;
        } catch (ExecutionException | TimeoutException e) {
            obstacle = "the broker does not answer: " + (e.getCause() == null ? e : e.getCause());
            if (silentSince == null) {
                LOG.warn(obstacle);
                silentSince = asked;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
