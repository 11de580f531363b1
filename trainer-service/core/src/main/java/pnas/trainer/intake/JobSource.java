package pnas.trainer.intake;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import pnas.message.TopicPrefix;
import pnas.message.Topics;

/**
 * The jobs of one engine, one record at a time; each is answered with {@link #accept}, {@link #release} or {@link #reject} before the next is
 * taken. Belongs to one thread.
 *
 * <p>What the broker makes of an answer is not known for certain: a lock may have ended before. So a record that comes again is normal, and it
 * is the lease that decides whose training counts.
 */
final class JobSource implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration COMMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    /** A consumer that lasts this long has joined its group: what keeps it out is told by then. */
    private static final Duration JOINED = Duration.ofSeconds(10);

    private final Map<String, Object> settings;
    private final String topic;
    private ShareConsumer<byte[], byte[]> consumer;
    private long failedAt;
    private @Nullable String obstacle;

    /**
     * Joins the share group of an engine. Neither broker nor topic needs to be there yet.
     *
     * @param connection how the broker is reached
     * @param prefix of the names in Kafka
     */
    JobSource(Map<String, Object> connection, TopicPrefix prefix, String engine) {
        settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, prefix.before(Topics.trainersOf(engine)));
        settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        // Together: exactly one record, and none fetched ahead that a slot would sit on while it trains.
        settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // A slot doesn't poll while it trains, and stays a connected member.
        settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, Integer.MAX_VALUE);
        settings.put(ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG, Integer.MAX_VALUE);
        topic = prefix.before(Topics.jobs(engine));
        consumer = join();
    }

    private ShareConsumer<byte[], byte[]> join() {
        ShareConsumer<byte[], byte[]> member =
                new KafkaShareConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        member.subscribe(List.of(topic));
        return member;
    }

    /** The next record; empty where none came for a while and after a failure of the broker. */
    Optional<ConsumerRecord<byte[], byte[]>> next() {
        try {
            Iterator<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(POLL).iterator();
            if (records.hasNext() || System.nanoTime() - failedAt > JOINED.toNanos()) {
                obstacle = null;
            }
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (KafkaException e) {
            failedAt = System.nanoTime();
            obstacle = "no job can be taken from the broker: " + e.getMessage();
            Log.warn(obstacle);
            // A consumer tells once that the broker does not let it in, and is silent for ever after. Another one asks
            // again.
            close();
            pause();
            consumer = join();
            return Optional.empty();
        }
    }

    /** Why none comes, where the broker said so a short while ago. */
    @Nullable String obstacle() {
        return obstacle;
    }

    /** The job is claimed and needs no more delivery. */
    void accept(ConsumerRecord<byte[], byte[]> record) {
        answer(record, AcknowledgeType.ACCEPT);
    }

    /** The job is for another trainer. */
    void release(ConsumerRecord<byte[], byte[]> record) {
        answer(record, AcknowledgeType.RELEASE);
    }

    /** Nobody can read the record. */
    void reject(ConsumerRecord<byte[], byte[]> record) {
        answer(record, AcknowledgeType.REJECT);
    }

    /** Leaves the group. What a consumer has to tell by then, it throws, and is closed all the same. */
    @Override
    public void close() {
        try {
            consumer.close(CLOSE);
        } catch (KafkaException e) {
            Log.warnf("a consumer of %s ended with a failure: %s", topic, e.getCause() == null ? e : e.getCause());
        }
    }

    private void answer(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            consumer.commitSync(COMMIT)
                    .forEach((partition, failure) -> failure.ifPresent(
                            e -> Log.warnf("%s of %s@%d: %s", type, partition, record.offset(), e.getMessage())));
        } catch (KafkaException | IllegalStateException e) {
            // The latter: the record is not this consumer's any more.
            Log.warnf("%s of %s@%d: %s", type, record.topic(), record.offset(), e.getMessage());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread of a slot", e);
        }
    }
}
