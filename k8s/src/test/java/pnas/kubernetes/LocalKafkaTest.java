package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.local.FreePorts;

/** A real broker with the settings of the overlay local, but for addresses and folder. */
class LocalKafkaTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void the_settings_of_the_overlay_make_a_broker_that_serves_share_groups(@TempDir Path folder) throws Exception {
        Properties settings = new Properties();
        settings.load(new StringReader(Rendering.of("local")
                .ofKind("ConfigMap")
                .map(map -> map.path("data").path("server.properties"))
                .filter(file -> file.isTextual())
                .findFirst()
                .orElseThrow()
                .asText()));
        List<Integer> ports = FreePorts.choose(2, new Random());
        int port = ports.getFirst();
        int controllerPort = ports.getLast();
        settings.replaceAll((name, value) -> value.toString()
                .replace("pnas-kafka:9092", "localhost:" + port)
                .replace(":9092", ":" + port)
                .replace(":9093", ":" + controllerPort)
                .replace("/var/lib/kafka", folder.toString()));
        Path file = folder.resolve("server.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        Process broker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx400m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "pnas.local.KafkaServerMain",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("broker.log").toFile())
                .start();
        try {
            await().atMost(LIMIT).until(() -> {
                assertThat(broker.isAlive()).as(() -> log(folder)).isTrue();
                return FreePorts.isOpen(port);
            });
            assertThat(deliver("localhost:" + port)).isEqualTo("job");
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }

    /** Sends a record before the share group exists, as an orchestrator may, and gives what a trainer gets. */
    private static String deliver(String server) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", server);
        try (Admin admin = Admin.create(client);
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
                KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                        Map.of("bootstrap.servers", server, "group.id", "trainers"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            admin.createTopics(List.of(new NewTopic("jobs", 1, (short) 1)))
                    .all()
                    .get();
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, "trainers"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            producer.send(new ProducerRecord<>("jobs", "job")).get();
            consumer.subscribe(List.of("jobs"));
            return await().atMost(LIMIT)
                    .until(
                            () -> {
                                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                                    return record.value();
                                }
                                return "";
                            },
                            value -> !value.isEmpty());
        }
    }

    private static String log(Path folder) {
        try {
            return Files.readString(folder.resolve("broker.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
