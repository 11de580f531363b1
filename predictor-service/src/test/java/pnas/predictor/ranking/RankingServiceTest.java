package pnas.predictor.ranking;

import static io.restassured.RestAssured.get;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
                    "pnas.ranking.most-candidates", "1000");
        }
    }

    @BeforeAll
    static void create_topics() {
        TestKafka.createTopics(Topics.CANDIDATES, Topics.RANKINGS, Topics.deadLetters(Topics.CANDIDATES));
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
        assertThat(get("/q/metrics").asString())
                .contains("pnas_ranking_requests_total{outcome=\"ranked\"}", "pnas_ranking_seconds_count");
        assertThat(get("/q/health").statusCode()).isEqualTo(200);
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
        assertThat(Metrics.namesIn(get("/q/metrics").asString())).containsAll(ours);
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

    private static void answerAnother(String experiment) {
        SampleRequest request = new SampleRequest(experiment);
        client.send(request.parts());
        assertThat(client.answer(request.id())).isInstanceOf(Ranked.class);
    }
}
