package pnas.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.testcontainers.kafka.KafkaContainer;
import pnas.local.EmbeddedKafka;

/** The broker of all tests of this JVM. It ends with the JVM. */
public final class TestKafka {
    private static final String IMAGE = "apache/kafka:4.4.0";
    private static final long LIMIT_SECONDS = 60;

    /** Tests may ask for locks of a second on the records of a share group. */
    private static final Map<String, String> SETTINGS = Map.of("group.share.min.record.lock.duration.ms", "1000");

    /** What the image does not set; {@link EmbeddedKafka} has it built in. */
    private static final Map<String, String> SINGLE_BROKER = Map.of(
            "auto.create.topics.enable", "false",
            "group.share.max.size", "1000",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1");

    private TestKafka() {}

    /** Where clients connect. Starts the broker when it is the first to ask. */
    public static String bootstrapServers() {
        return String.valueOf(client(Map.of()).get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG));
    }

    /** These settings with what a client needs to be let in by the broker, which is started when this is the first to ask. */
    public static Map<String, Object> client(Map<String, ?> settings) {
        String broker =
                OncePerJvm.address("kafka", () -> Docker.isAvailable() ? startContainer() : asText(startEmbedded()));
        Map<String, Object> all = new HashMap<>();
        broker.lines()
                .forEach(line -> all.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
        all.putAll(settings);
        return all;
    }

    private static String asText(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining("\n"));
    }

    /** Creates the topics that are missing, each with one partition. */
    public static void createTopics(String... names) {
        try (Admin admin = Admin.create(client(Map.of()))) {
            Set<String> existing = admin.listTopics().names().get(LIMIT_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = Arrays.stream(names)
                    .filter(name -> !existing.contains(name))
                    .map(name -> new NewTopic(name, 1, (short) 1))
                    .toList();
            admin.createTopics(missing).all().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the topics were created", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics " + Arrays.toString(names) + " could not be created", e);
        }
    }

    @SuppressWarnings("resource") // Lives as long as the JVM; the engine's reaper removes it then.
    private static String startContainer() {
        KafkaContainer container =
                new KafkaContainer(IMAGE).withEnv(asEnvironment(SETTINGS)).withEnv(asEnvironment(SINGLE_BROKER));
        container.start();
        return asText(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, container.getBootstrapServers()));
    }

    /** The image reads the broker property {@code a.b} from the variable {@code KAFKA_A_B}. */
    private static Map<String, String> asEnvironment(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        setting -> "KAFKA_" + setting.getKey().replace('.', '_').toUpperCase(Locale.ROOT),
                        Map.Entry::getValue));
    }

    @SuppressWarnings("resource") // Lives as long as the JVM, whose end it notices.
    private static Map<String, String> startEmbedded() {
        Path directory = TestDirectory.of("kafka");
        EmbeddedKafka kafka = new EmbeddedKafka(directory, directory.resolve("kafka.log"), SETTINGS, new Random());
        try {
            kafka.start();
        } catch (IOException e) {
            throw new IllegalStateException("the broker for the tests could not be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker for the tests was started", e);
        }
        return kafka.clientSettings();
    }
}
