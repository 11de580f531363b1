package pnas.predictor.ranking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import pnas.message.Messages;
import pnas.message.PredictorCommand;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.message.Topics;
import pnas.testing.TestKafka;

/** Speaks to the service as an orchestrator does, and looks into the broker. */
final class RankingClient implements AutoCloseable {
    static final String GROUP = "pnas.predictor";
    private static final TopicPartition CANDIDATES = new TopicPartition(Topics.CANDIDATES, 0);
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Admin admin;
    private final List<ConsumerRecord<String, byte[]>> received = new ArrayList<>();

    RankingClient(String bootstrapServers) {
        Map<String, Object> settings = TestKafka.client(Map.of("bootstrap.servers", bootstrapServers));
        producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        admin = Admin.create(settings);
        List<TopicPartition> partitions = List.of(
                new TopicPartition(Topics.RANKINGS, 0), new TopicPartition(Topics.deadLetters(Topics.CANDIDATES), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Sends records and gives their offsets. */
    List<Long> send(List<RankingRequest> parts) {
        return parts.stream()
                .map(part -> sendValue(part.experimentId(), Messages.encode(part)))
                .toList();
    }

    long sendValue(String key, byte[] value) {
        try {
            return producer.send(new ProducerRecord<>(Topics.CANDIDATES, key, value))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .offset();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record could not be sent", e);
        }
    }

    /** Tells predictors that nobody wants this ranking any more. */
    void withdraw(SampleRequest request) {
        sendCommand(Messages.encode(
                new PredictorCommand.Withdrawn(1, request.id(), request.experiment(), "as the test wants it")));
    }

    void sendCommand(byte[] value) {
        try {
            producer.send(new ProducerRecord<>(Topics.CONTROL, "any", value)).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a record could not be sent", e);
        }
    }

    /** A sign of life of a request, the first having index 0. */
    RankingMessage.SignOfLife signOfLife(UUID request, int index) {
        return (RankingMessage.SignOfLife) message(await(
                        Topics.RANKINGS,
                        record -> message(record) instanceof RankingMessage.SignOfLife sign
                                && sign.requestId().equals(request),
                        index + 1)
                .get(index));
    }

    /** How many answers to a request came so far. */
    long answersSoFar(UUID request) {
        consumer.poll(Duration.ofMillis(200)).forEach(received::add);
        return received.stream()
                .filter(record -> record.topic().equals(Topics.RANKINGS))
                .filter(record -> isAnswer(record, request))
                .count();
    }

    /** The first answer to a request. */
    RankingAnswer answer(UUID request) {
        return answers(request, 1).getFirst();
    }

    /** The second answer to a request. */
    RankingAnswer nextAnswer(UUID request) {
        return answers(request, 2).get(1);
    }

    private List<RankingAnswer> answers(UUID request, int count) {
        return await(Topics.RANKINGS, record -> isAnswer(record, request), count).stream()
                .map(record -> (RankingAnswer) message(record))
                .toList();
    }

    private static boolean isAnswer(ConsumerRecord<String, byte[]> record, UUID request) {
        return message(record) instanceof RankingAnswer answer
                && answer.requestId().equals(request);
    }

    private static RankingMessage message(ConsumerRecord<String, byte[]> record) {
        RankingMessage message = Messages.decode(record.value(), RankingMessage.class);
        if (!message.experimentId().equals(record.key())) {
            throw new AssertionError("messages must have their experiment as key, got " + record.key());
        }
        return message;
    }

    /** The dead letter with this key. */
    ConsumerRecord<String, byte[]> deadLetter(String key) {
        return await(Topics.deadLetters(Topics.CANDIDATES), record -> key.equals(record.key()), 1)
                .getFirst();
    }

    private List<ConsumerRecord<String, byte[]>> await(
            String topic, Predicate<ConsumerRecord<String, byte[]>> wanted, int count) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            List<ConsumerRecord<String, byte[]>> found = received.stream()
                    .filter(record -> record.topic().equals(topic))
                    .filter(wanted)
                    .toList();
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("no such record in " + topic + " after " + LIMIT);
            }
            consumer.poll(Duration.ofMillis(200)).forEach(received::add);
        }
    }

    /** The committed offset of the service, 0 where there is none. */
    long committed() {
        Map<TopicPartition, OffsetAndMetadata> offsets =
                get(admin.listConsumerGroupOffsets(GROUP).partitionsToOffsetAndMetadata());
        OffsetAndMetadata offset = offsets.get(CANDIDATES);
        return offset == null ? 0 : offset.offset();
    }

    /** Throws members out of the service's group. */
    void removeMembers(RemoveMembersFromConsumerGroupOptions which) {
        get(admin.removeMembersFromConsumerGroup(GROUP, which).all());
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the broker did not answer", e);
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        admin.close();
    }
}
