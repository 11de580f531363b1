package pnas.orchestrator.broker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.TopicPrefix;
import pnas.message.Topics;

/** Sends records, to topics that are named without the prefix of this installation. Safe for use by many threads. There from the start on, so that its counters begin at 0 and not with the first dead letter. */
@Startup
@ApplicationScoped
public class Records {
    /** How long to wait for the broker's acknowledgement; longer than the producer itself tries. */
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Logger LOG = Logger.getLogger(Records.class);
    static final List<String> READ_HERE = List.of(Topics.PROGRESS, Topics.WORKERS, Topics.RANKINGS);

    private final MutinyEmitter<byte[]> emitter;
    private final Map<String, Counter> deadLetters;
    private final TopicPrefix prefix;

    Records(
            @Channel("records") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> emitter,
            MeterRegistry metrics,
            BrokerConfig config) {
        this.emitter = emitter;
        this.prefix = TopicPrefix.of(config.prefix());
        this.deadLetters = READ_HERE.stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        topic -> Counter.builder("pnas_dead_letters_total")
                                .description("Records that could not be read and went to the dead letters")
                                .tag("topic", topic)
                                .register(metrics)));
    }

    /**
     * Sends a message.
     *
     * @return the record's offset, once all replicas that must have the record have it
     */
    public CompletableFuture<Long> send(String topic, String key, Object message) {
        return send(topic, key.getBytes(StandardCharsets.UTF_8), Messages.encode(message), new RecordHeaders());
    }

    /** Sends a message and does not wait for the broker; a failure is logged. For messages that are sent again when they get lost. */
    public void sendUnawaited(String topic, String key, Object message) {
        emitter.sendMessage(message(
                        topic, key.getBytes(StandardCharsets.UTF_8), Messages.encode(message), new RecordHeaders()))
                .subscribe()
                .with(
                        sent -> {},
                        failure -> LOG.warnf("a record for %s was not sent: %s", topic, failure.getMessage()));
    }

    /**
     * Moves a record that nobody can read out of the way; returns once the dead letters have it.
     *
     * @throws java.util.concurrent.CompletionException where the broker did not take it
     */
    public void sendToDeadLetters(ConsumerRecord<byte[], byte[]> record, PnasException why) {
        LOG.warnf(
                "record %d of partition %d of %s goes to the dead letters: %s",
                record.offset(), record.partition(), record.topic(), why.getMessage());
        Headers headers = new RecordHeaders(record.headers());
        headers.add("dead-letter-reason", String.valueOf(why.getMessage()).getBytes(StandardCharsets.UTF_8));
        headers.add(
                "dead-letter-partition", Integer.toString(record.partition()).getBytes(StandardCharsets.UTF_8));
        headers.add("dead-letter-offset", Long.toString(record.offset()).getBytes(StandardCharsets.UTF_8));
        // A message without a value cannot be sent this way, and an empty one is as unreadable.
        byte[] value = record.value() == null ? new byte[0] : record.value();
        String topic = prefix.leftOut(record.topic());
        send(Topics.deadLetters(topic), record.key(), value, headers)
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        Counter counter = deadLetters.get(topic);
        if (counter != null) {
            counter.increment();
        }
    }

    private CompletableFuture<Long> send(String topic, byte[] key, byte[] value, Headers headers) {
        OutgoingMessageMetadata<RecordMetadata> sent = new OutgoingMessageMetadata<>();
        return emitter.sendMessage(message(topic, key, value, headers).addMetadata(sent))
                .map(_ -> sent.getResult().offset())
                .subscribeAsCompletionStage();
    }

    private Message<byte[]> message(String topic, byte[] key, byte[] value, Headers headers) {
        return Message.of(value)
                .addMetadata(OutgoingKafkaRecordMetadata.<byte[]>builder()
                        .withTopic(prefix.before(topic))
                        .withKey(key)
                        .withHeaders(headers)
                        .build());
    }
}
