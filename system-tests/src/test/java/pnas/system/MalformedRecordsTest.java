package pnas.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.message.Topics;

/** A record that nobody can read goes to the dead letters of its topic, and the service that met it goes on. */
class MalformedRecordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "pnas.jobs.vector",
                "pnas.jobs.replay",
                Topics.PROGRESS,
                Topics.WORKERS,
                Topics.CANDIDATES,
                Topics.RANKINGS
            })
    void a_malformed_record_becomes_a_dead_letter(String name) throws Exception {
        RunningPlatform platform = RunningPlatform.shared();
        String garbage = "{\"no\": \"message of " + name + "\"";
        new Topic(platform.broker(), name).send("garbage", garbage.getBytes(UTF_8));
        Topic deadLetters = new Topic(platform.broker(), Topics.deadLetters(name));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(deadLetters.readAll())
                        .anySatisfy(record ->
                                assertThat(new String(record.value(), UTF_8)).isEqualTo(garbage)));
    }

    @Test
    void the_platform_goes_on_after_a_malformed_record_on_every_topic() throws Exception {
        RunningPlatform platform = RunningPlatform.shared();
        for (String topic : Topics.all()) {
            if (!topic.startsWith("dlq.")) {
                new Topic(platform.broker(), topic).send("garbage", new byte[] {0, (byte) 0xff, '{'});
            }
        }
        Search search = Search.submit(platform.rest(), """
                {"name": "after garbage", "engine": "replay", "operations": ["sep3x3", "max3x3"], "blocks": 3, "beam": 4,
                 "replay": {"oracle": {"seed": 1, "sigma": 0.004}}}""");
        assertThat(search.awaitCompletion().cells()).hasSize(10 + 4 + 4);
    }
}
