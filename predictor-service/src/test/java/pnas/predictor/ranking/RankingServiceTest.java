package pnas.predictor.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static pnas.testing.Http.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.failure.ErrorCode;
import pnas.message.RankingAnswer;
import pnas.message.RankingAnswer.Failed;
import pnas.message.RankingAnswer.Ranked;
import pnas.message.RankingMessage.SignOfLife;
import pnas.message.RankingRequest;
import pnas.message.Topics;
import pnas.testing.KafkaOnly;
import pnas.testing.Metrics;
import pnas.testing.TestKafka;

/** The service on a real broker, whose topics are only created when the service already runs. */
@QuarkusTest
@QuarkusTestResource(KafkaOnly.class)
@TestProfile(RankingServiceTest.Quick.class)
final class RankingServiceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static RankingClient client;

    /** Notices topics and commits sooner than in production, and refuses requests that a test can make too large. */
    public static final class Quick implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.test-port", "0",
                    "mp.messaging.incoming.candidates.metadata.max.age.ms", "500",
                    "mp.messaging.incoming.candidates.auto.commit.interval.ms", "100",
                    "pnas.ranking.sign-of-life", "100ms",
                    "pnas.ranking.most-candidates", "1000");
        }
    }

    @BeforeAll
    static void create_topics() {
        TestKafka.createTopics(
                Topics.CANDIDATES, Topics.RANKINGS, Topics.CONTROL, Topics.deadLetters(Topics.CANDIDATES));
        client = new RankingClient(TestKafka.bootstrapServers());
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Test
    void answers_a_request_with_the_best_of_its_candidates() {
        SampleRequest request = new SampleRequest("answered").keeping(7);
        client.send(request.parts());
        Ranked answer = (Ranked) client.answer(request.id());
        assertThat(answer.experimentId()).isEqualTo("answered");
        assertThat(answer.best()).hasSize(7);
        assertThat(answer.candidates()).isEqualTo(request.candidateCount());
        assertThat(given().get("/q/metrics").asString())
                .contains("pnas_ranking_requests_total{outcome=\"ranked\"}", "pnas_ranking_seconds_count");
        assertThat(given().get("/q/health").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"rebound.example:8082, 421", "localhost, 200", "127.0.0.1:8082, 200", "10.1.2.3:8082, 200"})
    void health_and_metrics_are_told_to_who_names_this_server_or_an_address(String host, int status) {
        for (String path : List.of("/q/health/live", "/q/metrics")) {
            assertThat(given().header("Host", host).get(path).statusCode()).isEqualTo(status);
        }
    }

    @Test
    void the_dashboard_queries_nothing_of_the_predictor_that_is_not_there() throws IOException {
        Set<String> ours = Metrics.queriedByTheDashboard();
        ours.removeIf(name -> !name.startsWith("pnas_ranking_"));

        assertThat(ours).isNotEmpty();
        assertThat(Metrics.namesIn(given().get("/q/metrics").asString())).containsAll(ours);
    }

    @Test
    void puts_records_that_nobody_can_read_aside_and_goes_on() {
        byte[] malformed = "{\"type\":\"header\",\"stage\":\"two\"}".getBytes(StandardCharsets.UTF_8);
        client.sendValue("malformed", malformed);
        ConsumerRecord<String, byte[]> dead = client.deadLetter("malformed");
        assertThat(dead.value()).isEqualTo(malformed);

        SampleRequest request = new SampleRequest("after-malformed");
        client.send(request.parts());
        assertThat(client.answer(request.id())).isInstanceOf(Ranked.class);
    }

    @Test
    void answers_what_it_cannot_rank_with_the_reason() {
        SampleRequest request = new SampleRequest("unknown-predictor").predictor("oracle");
        client.send(request.parts());
        Failed answer = (Failed) client.answer(request.id());
        assertThat(answer.code()).isEqualTo(ErrorCode.INVALID_INPUT);
        assertThat(answer.message())
                .isEqualTo(
                        "predictor: predictor must be one of gp, blend, mlp, mlp-ensemble, lstm, lstm-ensemble, got 'oracle'");
    }

    @Test
    void refuses_a_request_with_too_many_candidates() {
        SampleRequest request = new SampleRequest("too-large").parents(4);
        client.send(request.parts());
        Failed answer = (Failed) client.answer(request.id());
        assertThat(answer.code()).isEqualTo(ErrorCode.INVALID_INPUT);
        assertThat(answer.message()).startsWith("candidates: there may be at most 1000, got");
    }

    @Test
    void answers_a_request_again_that_is_sent_again() {
        SampleRequest request = new SampleRequest("sent-again");
        client.send(request.parts());
        RankingAnswer first = client.answer(request.id());
        client.send(request.parts());
        RankingAnswer second = client.nextAnswer(request.id());
        assertThat(((Ranked) second).best()).isEqualTo(((Ranked) first).best());
    }

    @Test
    void commits_no_offset_past_the_first_record_of_an_unanswered_request_even_when_it_loses_its_partition() {
        SampleRequest open = new SampleRequest("open");
        List<RankingRequest> parts = open.parts();
        long first = client.send(parts.subList(0, 2)).getFirst();
        answerAnother("other");
        assertThat(client.committed()).isLessThanOrEqualTo(first);

        // As after a crash: the group hands the partition out anew, from the committed offset.
        client.removeMembers(new RemoveMembersFromConsumerGroupOptions());
        answerAnother("another");
        assertThat(client.committed()).isLessThanOrEqualTo(first);

        long last = client.send(parts.subList(2, parts.size())).getLast();
        assertThat(client.answer(open.id())).isInstanceOf(Ranked.class);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(client.committed()).isGreaterThan(last));
    }

    /** Two rankings that would go on for minutes: what comes then waits, though it is short, until one of them is withdrawn. */
    @Test
    void tells_of_requests_that_are_ranked_or_wait_answers_a_double_once_and_ends_what_is_withdrawn() {
        List<SampleRequest> lasting = Stream.of("long", "as-long")
                .map(name -> new SampleRequest(name).predictor("lstm-ensemble").observations(2_000))
                .toList();
        for (SampleRequest request : lasting) {
            client.send(request.parts());
            assertThat(client.signOfLife(request.id(), 0)).isEqualTo(sign(request, /* waits= */ false));
        }
        SampleRequest behind = new SampleRequest("behind");
        client.send(behind.parts());
        long end = client.send(behind.parts()).getLast();
        assertThat(client.signOfLife(behind.id(), 1)).isEqualTo(sign(behind, /* waits= */ true));

        // As an orchestrator does it: again and again, since nobody hears what came before the service listened.
        byte[] malformed = "{\"type\":\"withdrawn\"}".getBytes(StandardCharsets.UTF_8);
        await().atMost(LIMIT).until(() -> {
            lasting.forEach(client::withdraw);
            client.sendCommand(malformed);
            return client.answersSoFar(behind.id()) > 0;
        });
        await().atMost(LIMIT).untilAsserted(() -> assertThat(client.committed()).isGreaterThan(end));

        answerAnother("after-withdrawn");
        assertThat(client.answersSoFar(behind.id())).isOne();
        assertThat(lasting)
                .allSatisfy(
                        request -> assertThat(client.answersSoFar(request.id())).isZero());
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(given().get("/q/metrics").asString())
                        .contains("pnas_ranking_requests_total{outcome=\"withdrawn\"} 2.0")
                        .containsPattern("pnas_ranking_malformed_commands_total [1-9]"));
    }

    private static SignOfLife sign(SampleRequest request, boolean waits) {
        return new SignOfLife(1, request.id(), request.experiment(), waits, 0, request.candidateCount(), null);
    }

    private static void answerAnother(String experiment) {
        SampleRequest request = new SampleRequest(experiment);
        client.send(request.parts());
        assertThat(client.answer(request.id())).isInstanceOf(Ranked.class);
    }
}
