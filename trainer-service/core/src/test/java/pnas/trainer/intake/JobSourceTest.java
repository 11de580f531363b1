package pnas.trainer.intake;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import pnas.message.TopicPrefix;
import pnas.message.Topics;
import pnas.testing.TestKafka;

class JobSourceTest {
    private static final Map<String, Object> BROKER = TestKafka.client(Map.of());
    private static final String ENGINE = "torch";
    private static final String GROUP = Topics.trainersOf(ENGINE);

    @Test
    void says_that_the_broker_lets_it_in_no_more_and_takes_jobs_once_it_does() throws Exception {
        TestKafka.createTopics(Topics.jobs(ENGINE));
        try (Admin admin = Admin.create(BROKER)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get(30, SECONDS);
            // A group of another kind has the name: a consumer that wants to share it is refused for good.
            KafkaConsumer<byte[], byte[]> stranger = new KafkaConsumer<>(
                    TestKafka.client(Map.of("group.id", GROUP)),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
            stranger.subscribe(List.of(Topics.jobs(ENGINE)));
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                stranger.poll(Duration.ofMillis(100));
                return !stranger.assignment().isEmpty();
            });
            try (JobSource jobs = new JobSource(BROKER, TopicPrefix.NONE, ENGINE)) {
                await().atMost(Duration.ofMinutes(1)).until(() -> {
                    jobs.next();
                    return jobs.obstacle() != null;
                });
                assertThat(jobs.obstacle())
                        .startsWith("no job can be taken from the broker: ")
                        .contains(GROUP);

                stranger.close();
                admin.deleteConsumerGroups(List.of(GROUP)).all().get(30, SECONDS);
                try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(BROKER, new ByteArraySerializer(), new ByteArraySerializer())) {
                    producer.send(new ProducerRecord<>(Topics.jobs(ENGINE), "a job".getBytes(StandardCharsets.UTF_8)))
                            .get(30, SECONDS);
                }
                List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
                await().atMost(Duration.ofMinutes(1)).until(() -> {
                    jobs.next().ifPresent(taken::add);
                    return !taken.isEmpty();
                });
                assertThat(taken.getFirst().value())
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("a job");
                assertThat(jobs.obstacle()).isNull();
                jobs.accept(taken.getFirst());
            }
        }
    }

    @Test
    void outlives_a_consumer_that_cannot_be_closed_without_a_failure() throws Exception {
        // One failure after another, so that a consumer has yet another to tell while it is being closed.
        try (ServerSocket stranger = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                JobSource jobs = new JobSource(
                        Map.of(
                                "bootstrap.servers",
                                "127.0.0.1:" + stranger.getLocalPort(),
                                "security.protocol",
                                "SSL",
                                "reconnect.backoff.ms",
                                0,
                                "reconnect.backoff.max.ms",
                                0,
                                "retry.backoff.ms",
                                0,
                                "retry.backoff.max.ms",
                                0),
                        TopicPrefix.NONE,
                        ENGINE)) {
            Thread.startVirtualThread(() -> answerInAnotherLanguage(stranger));
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                assertThat(jobs.next()).isEmpty();
                return jobs.obstacle() != null;
            });
            assertThat(jobs.obstacle()).startsWith("no job can be taken from the broker: ");
        }
    }

    private static void answerInAnotherLanguage(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write("no TLS is spoken here\n".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The client is gone, or the test is over.
            }
        }
    }
}
