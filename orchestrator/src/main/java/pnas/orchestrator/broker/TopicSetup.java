package pnas.orchestrator.broker;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.engine.Engine;
import pnas.message.TopicPrefix;
import pnas.message.Topics;

/** Sets up the topics and share groups at the start, again and again until the broker answers. Readiness waits for it. */
@ApplicationScoped
class TopicSetup {
    private static final Logger LOG = Logger.getLogger(TopicSetup.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long SECONDS = 20;

    private final Admin admin;
    private final BrokerConfig config;
    private final TopicPrefix prefix;
    private volatile boolean done;
    private volatile @Nullable String obstacle = "the topics are not set up yet";
    private @Nullable Thread thread;

    TopicSetup(Admin admin, BrokerConfig config) {
        this.admin = admin;
        this.config = config;
        this.prefix = TopicPrefix.of(config.prefix());
    }

    boolean isDone() {
        return done;
    }

    /** Why the topics are not there; null once they are. */
    @Nullable String obstacle() {
        return obstacle;
    }

    void start(@Observes StartupEvent event) {
        thread = Thread.ofVirtual().name("topic-setup").start(this::setUpUntilDone);
    }

    void stop(@Observes ShutdownEvent event) {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void setUpUntilDone() {
        while (!done) {
            try {
                obstacle = lackOfShareGroups(shareVersion());
                if (obstacle != null) {
                    LOG.warn(obstacle);
                    pause();
                    continue;
                }
                createTopics();
                configureShareGroups();
                done = true;
                LOG.info("topics and share groups are set up");
            } catch (ExecutionException | TimeoutException | KafkaException e) {
                obstacle = "topics could not be set up yet: " + (e.getCause() == null ? e : e.getCause());
                LOG.warn(obstacle);
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private int shareVersion() throws InterruptedException, ExecutionException, TimeoutException {
        FinalizedVersionRange version = admin.describeFeatures()
                .featureMetadata()
                .get(SECONDS, TimeUnit.SECONDS)
                .finalizedFeatures()
                .get("share.version");
        return version == null ? 0 : version.maxVersionLevel();
    }

    /**
     * Why trainers would get no jobs from a broker, and what to do; null where they do.
     *
     * @param shareVersion level of the feature {@code share.version}; 0 where the cluster has none, as after an upgrade from a version without share groups
     */
    static @Nullable String lackOfShareGroups(int shareVersion) {
        return shareVersion > 0
                ? null
                : "the broker has no share groups, by which trainers get their jobs (share.version is 0): run"
                        + " kafka-features.sh --bootstrap-server HOST:PORT upgrade --feature share.version=1";
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void createTopics() throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> existing = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
        short replication = replicationFactor();
        List<NewTopic> missing = Topics.all().stream()
                .filter(topic -> !existing.contains(prefix.before(topic)))
                .map(topic -> new NewTopic(
                                prefix.before(topic), Optional.of(partitions(topic)), Optional.of(replication))
                        .configs(topicConfig(topic)))
                .toList();
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                created.get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                // Another orchestrator was quicker.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private short replicationFactor() throws InterruptedException, ExecutionException, TimeoutException {
        if (config.replicationFactor().isPresent()) {
            return config.replicationFactor().get();
        }
        int brokers =
                admin.describeCluster().nodes().get(SECONDS, TimeUnit.SECONDS).size();
        return (short) Math.min(3, brokers);
    }

    /** Jobs have one partition, since a trainer that is busy would strand its others; every trainer reads all of the control topic. */
    private int partitions(String topic) {
        boolean single = topic.equals(Topics.CONTROL) || jobTopics().contains(topic);
        return single ? 1 : config.partitions();
    }

    private static Map<String, String> topicConfig(String topic) {
        boolean lettersOfShareGroup =
                jobTopics().stream().map(Topics::deadLetters).anyMatch(topic::equals);
        return lettersOfShareGroup ? Map.of("errors.deadletterqueue.group.enable", "true") : Map.of();
    }

    private static List<String> jobTopics() {
        return Engine.texts().stream().map(Topics::jobs).toList();
    }

    private void configureShareGroups() throws InterruptedException, ExecutionException, TimeoutException {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String engine : Engine.texts()) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.GROUP, prefix.before(Topics.trainersOf(engine))),
                    List.of(
                            // Jobs that were sent before the first trainer ever joined must not be skipped.
                            set("share.auto.offset.reset", "earliest"),
                            set(
                                    "errors.deadletterqueue.topic.name",
                                    prefix.before(Topics.deadLetters(Topics.jobs(engine)))),
                            set("errors.deadletterqueue.copy.record.enable", "true")));
        }
        admin.incrementalAlterConfigs(changes).all().get(SECONDS, TimeUnit.SECONDS);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }
}
