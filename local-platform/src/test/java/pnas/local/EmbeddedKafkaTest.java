package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.process.JavaCommand;
import pnas.process.Program;

class EmbeddedKafkaTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String GROUP = "trainers";

    @TempDir
    private Path directory;

    @Test
    void a_job_sent_before_anyone_joined_is_delivered_after_a_stop_and_after_a_kill() throws Exception {
        try (EmbeddedKafka kafka = broker()) {
            ProcessHandle process = kafka.start();
            String address = kafka.bootstrapServers();
            createTopic(address, "jobs");
            startGroupAtTheEarliestRecord(address);
            send(address, "jobs", "first");

            kafka.stop();
            assertThat(process.isAlive()).isFalse();
            kafka.start();
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(receive(address, "jobs", 1)).containsExactly("first");

            send(address, "jobs", "second");
            kafka.kill();
            kafka.start();
            assertThat(receive(address, "jobs", 1)).containsExactly("second");
        }
    }

    @Test
    void ends_by_itself_when_whoever_started_it_is_gone() throws Exception {
        Process parent = Program.of(JavaCommand.of(
                        List.of(),
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                KafkaStarter.class.getName(),
                                directory.toString())))
                .start(new Program.Errors.Discarded());
        long pid = Long.parseLong(parent.inputReader(StandardCharsets.UTF_8).readLine());
        ProcessHandle broker = ProcessHandle.of(pid).orElseThrow();

        parent.destroyForcibly().waitFor();

        await().atMost(LIMIT).until(() -> !isRunning(broker));
    }

    @Test
    void does_not_create_topics_by_itself() throws Exception {
        try (EmbeddedKafka kafka = broker()) {
            kafka.start();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                    KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
                Optional<Exception> refused = Optional.empty();
                try {
                    producer.send(new ProducerRecord<>("unknown", "value")).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    refused = Optional.of(e);
                }
                assertThat(refused).isPresent();
                assertThat(admin.listTopics().names().get(LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isEmpty();
            }
        }
    }

    /** Starts a broker, says its process id and waits to be killed. */
    static final class KafkaStarter {
        private KafkaStarter() {}

        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            EmbeddedKafka kafka = new EmbeddedKafka(directory, directory.resolve("kafka.log"), Map.of(), new Random());
            System.out.println(kafka.start().pid());
            Thread.currentThread().join();
        }
    }

    static boolean isRunning(ProcessHandle process) {
        // A process that ended and that nobody has asked for its exit code yet still counts as alive, but has no
        // command any more.
        return process.isAlive() && process.info().command().isPresent();
    }

    private EmbeddedKafka broker() {
        return new EmbeddedKafka(
                directory,
                directory.resolve("kafka.log"),
                Map.of("group.share.min.record.lock.duration.ms", "1000"),
                new Random());
    }

    private static void createTopic(String address, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void startGroupAtTheEarliestRecord(String address) throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, GROUP);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            admin.incrementalAlterConfigs(Map.of(
                            group,
                            List.of(
                                    new AlterConfigOp(
                                            new ConfigEntry("share.auto.offset.reset", "earliest"),
                                            AlterConfigOp.OpType.SET),
                                    new AlterConfigOp(
                                            new ConfigEntry("share.record.lock.duration.ms", "1000"),
                                            AlterConfigOp.OpType.SET))))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void send(String address, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(address)) {
            producer.send(new ProducerRecord<>(topic, value)).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, String> producer(String address) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", address, "acks", "all", "max.block.ms", "3000"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static List<String> receive(String address, String topic, int count) {
        List<String> received = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", address, "group.id", GROUP),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(LIMIT).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(job -> received.add(job.value()));
                return received.size() >= count;
            });
            // Accepts what the last poll gave.
            consumer.commitSync();
        }
        return received;
    }
}
