package pnas.trainer.intake;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import pnas.message.Messages;
import pnas.message.Topics;
import pnas.message.TrainerCommand;
import pnas.message.TrainerEvent;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.testing.TestKafka;

/** What an orchestrator does on the broker: prepares it, sends jobs and commands, and hears what trainers tell. */
final class OrchestratorSide implements AutoCloseable {
    private static final String JOBS = Topics.jobs("replay");
    private static final Map<String, Object> BROKER = TestKafka.client(Map.of());

    private final KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer());
    private final Ear<TrainingProgress> progress = new Ear<>(Topics.PROGRESS, TrainingProgress.class);
    private final Ear<TrainerEvent> workers = new Ear<>(Topics.WORKERS, TrainerEvent.class);
    private final Ear<byte[]> deadJobs = new Ear<>(Topics.deadLetters(JOBS), byte[].class);

    /** Creates topics, and has the share group keep every job and the dead ones too. */
    static void prepareBroker() throws InterruptedException, ExecutionException, TimeoutException {
        TestKafka.createTopics(Topics.all().toArray(String[]::new));
        try (Admin admin = Admin.create(BROKER)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, Topics.trainersOf("replay")),
                            List.of(
                                    set("share.auto.offset.reset", "earliest"),
                                    set("errors.deadletterqueue.topic.name", Topics.deadLetters(JOBS)),
                                    set("errors.deadletterqueue.copy.record.enable", "true")),
                            new ConfigResource(ConfigResource.Type.TOPIC, Topics.deadLetters(JOBS)),
                            List.of(set("errors.deadletterqueue.group.enable", "true"))))
                    .all()
                    .get(30, SECONDS);
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
    }

    void send(TrainingJob job) {
        send(JOBS, Messages.encode(job));
    }

    void stop(AttemptRef attempt) {
        send(
                Topics.CONTROL,
                Messages.encode(new TrainerCommand.Stop(TrainerCommand.SCHEMA_VERSION, attempt, "said the test")));
    }

    void send(String topic, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic, value)).get(30, SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** All that was told of a trial, once there is an event of this type among it. */
    List<TrainingProgress> progressUntil(Class<? extends TrainingProgress> type, String trial) {
        return progressUntil(type::isInstance, trial);
    }

    List<TrainingProgress> progressUntil(Predicate<TrainingProgress> expected, String trial) {
        return progress.until(event -> event.attempt().trialId().equals(trial), expected);
    }

    /** All that was told of a trial so far. */
    List<TrainingProgress> progressOf(String trial) {
        return progress.until(event -> event.attempt().trialId().equals(trial), event -> true);
    }

    /** All that a worker told of itself, once there is an event of this type among it. */
    List<TrainerEvent> trainerUntil(Class<? extends TrainerEvent> type, String worker) {
        return workers.until(event -> event.worker().equals(worker), type::isInstance);
    }

    /** The records that were rejected, once there is one that is expected. */
    List<byte[]> deadJobsUntil(Predicate<byte[]> expected) {
        return deadJobs.until(record -> true, expected);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        progress.close();
        workers.close();
        deadJobs.close();
    }

    /** Reads a topic from its beginning. */
    private static final class Ear<T> implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(BROKER, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        private final List<T> heard = new ArrayList<>();
        private final Class<T> type;

        Ear(String topic, Class<T> type) {
            this.type = type;
            Collection<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        List<T> until(Predicate<T> about, Predicate<T> expected) {
            return await().atMost(90, SECONDS)
                    .until(
                            () -> {
                                consumer.poll(Duration.ofMillis(50))
                                        .forEach(record -> heard.add(decode(record.value())));
                                return heard.stream().filter(about).toList();
                            },
                            events -> events.stream().anyMatch(expected));
        }

        private T decode(byte[] value) {
            return type == byte[].class ? type.cast(value) : Messages.decode(value, type);
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
