package pnas.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.kafka.common.errors.SaslAuthenticationException;
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
            Map<String, String> client = kafka.clientSettings();
            createTopic(client, "jobs");
            startGroupAtTheEarliestRecord(client);
            send(client, "jobs", "first");

            kafka.stop();
            assertThat(process.isAlive()).isFalse();
            kafka.start();
            assertThat(kafka.bootstrapServers()).isEqualTo(address);
            assertThat(receive(client, "jobs", 1)).containsExactly("first");

            send(client, "jobs", "second");
            kafka.kill();
            kafka.start();
            assertThat(receive(client, "jobs", 1)).containsExactly("second");
        }
    }

    @Test
    void ends_by_itself_when_its_parent_is_gone() throws Exception {
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
    void lets_in_nobody_without_its_password_at_either_of_its_ports() throws Exception {
        // A comma ends the name of a folder for Kafka.
        Path folder = directory.resolve("Smith, J \"100%\" $HOME \\");
        try (EmbeddedKafka kafka = new EmbeddedKafka(folder, folder.resolve("kafka.log"), Map.of(), new Random())) {
            kafka.start();
            createTopic(kafka.clientSettings(), "jobs");
            String ofAnother = String.valueOf(kafka.clientSettings().get("sasl.jaas.config"))
                    .replaceFirst("password=\"[^\"]+\"", "password=\"guessed\"");
            List<String> ports = Files.readAllLines(folder.resolve("ports"));
            for (String role : List.of("bootstrap.servers", "bootstrap.controllers")) {
                String address = "127.0.0.1:" + ports.get(role.endsWith("servers") ? 0 : 1);
                assertThat(refusalOf(Map.of(role, address)))
                        .isInstanceOf(org.apache.kafka.common.errors.TimeoutException.class);
                assertThat(refusalOf(Map.of(
                                role,
                                address,
                                "security.protocol",
                                "SASL_PLAINTEXT",
                                "sasl.mechanism",
                                "SCRAM-SHA-512",
                                "sasl.jaas.config",
                                ofAnother)))
                        .isInstanceOf(SaslAuthenticationException.class);
            }
            assertThat(folder.resolve("data/meta.properties")).exists();
            assertThat(folder.resolve("kafka.log")).content().doesNotContain(password(kafka));
        }
    }

    private static String password(EmbeddedKafka kafka) {
        String login = String.valueOf(kafka.clientSettings().get("sasl.jaas.config"));
        return login.replaceAll(".*password=\"|\";", "");
    }

    private static Throwable refusalOf(Map<String, String> client) throws Exception {
        Map<String, Object> hasty =
                with(client, Map.of("default.api.timeout.ms", "3000", "request.timeout.ms", "2000"));
        try (Admin admin = Admin.create(hasty)) {
            return admin.describeCluster()
                    .nodes()
                    .toCompletionStage()
                    .handle((nodes, failure) -> failure == null ? new AssertionError("let in: " + nodes) : failure)
                    .toCompletableFuture()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Test
    void does_not_create_topics_by_itself() throws Exception {
        try (EmbeddedKafka kafka = broker()) {
            kafka.start();
            try (Admin admin = Admin.create(Map.copyOf(kafka.clientSettings()));
                    KafkaProducer<String, String> producer = producer(kafka.clientSettings())) {
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

    private static void createTopic(Map<String, String> client, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.copyOf(client))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1)))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void startGroupAtTheEarliestRecord(Map<String, String> client) throws Exception {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, GROUP);
        try (Admin admin = Admin.create(Map.copyOf(client))) {
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

    private static void send(Map<String, String> client, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(client)) {
            producer.send(new ProducerRecord<>(topic, value)).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, String> producer(Map<String, String> client) {
        return new KafkaProducer<>(
                with(client, Map.of("acks", "all", "max.block.ms", "3000")),
                new StringSerializer(),
                new StringSerializer());
    }

    private static Map<String, Object> with(Map<String, String> client, Map<String, String> more) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.putAll(more);
        return settings;
    }

    private static List<String> receive(Map<String, String> client, String topic, int count) {
        List<String> received = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                with(client, Map.of("group.id", GROUP)), new StringDeserializer(), new StringDeserializer())) {
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
