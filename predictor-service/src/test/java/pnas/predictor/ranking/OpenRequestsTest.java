package pnas.predictor.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Candidates;
import pnas.message.RankingRequest.Observations;
import pnas.predictor.ranking.OpenRequests.Received;
import pnas.predictor.ranking.OpenRequests.Step;
import pnas.predictor.ranking.OpenRequests.Step.Complete;
import pnas.predictor.ranking.OpenRequests.Step.Refused;
import pnas.predictor.ranking.OpenRequests.Step.Waiting;

final class OpenRequestsTest {
    private final OpenRequests<Long> requests = new OpenRequests<>(800, 24);
    private final SampleRequest sample = new SampleRequest("a");
    /** Header, two chunks of observations, two of candidates. */
    private final List<RankingRequest> parts = sample.parts();

    @Test
    void is_complete_with_the_last_chunk_in_whatever_order_they_come() {
        read(0, parts.get(0));
        read(1, parts.get(4));
        read(2, parts.get(2));
        assertThat(read(3, parts.get(1))).isEqualTo(new Waiting<>(List.of()));
        assertThat(requests.count()).isOne();
        Complete<Long> complete = (Complete<Long>) read(4, parts.get(3));
        assertThat(complete.done()).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(complete.task().observations()).hasSize(24);
        assertThat(complete.task().families()).hasSize(2);
        assertThat(requests.count()).isZero();
    }

    @Test
    void counts_a_chunk_that_comes_twice_once() {
        read(0, parts.get(0));
        read(1, parts.get(1));
        read(2, parts.get(1));
        read(3, parts.get(3));
        read(4, parts.get(4));
        assertThat(read(5, parts.get(2)).done()).hasSize(6);
        assertThat(requests.count()).isZero();
    }

    @Test
    void gives_up_an_incomplete_request_for_the_same_one_sent_again() {
        read(0, parts.get(0));
        read(1, parts.get(1));
        assertThat(read(2, parts.get(0))).isEqualTo(new Waiting<>(List.of(0L, 1L)));
        read(3, parts.get(2));
        read(4, parts.get(3));
        assertThat(read(5, parts.get(4))).isEqualTo(new Waiting<>(List.of()));
        assertThat(read(6, parts.get(1))).isInstanceOf(Complete.class);
    }

    @Test
    void gives_up_an_incomplete_request_for_a_newer_one_of_the_same_experiment() {
        read(0, parts.get(0));
        List<RankingRequest> newer = new SampleRequest("a").parts();
        assertThat(read(1, newer.get(0))).isEqualTo(new Waiting<>(List.of(0L)));
        assertThat(read(2, parts.get(1))).as("a chunk of the older request").isEqualTo(new Waiting<>(List.of(2L)));
    }

    @Test
    void keeps_records_open_that_it_reads_again() {
        read(5, parts.get(0));
        read(6, parts.get(1));
        assertThat(read(5, parts.get(0))).isEqualTo(new Waiting<>(List.of()));
        assertThat(read(6, parts.get(1))).isEqualTo(new Waiting<>(List.of()));
    }

    @Test
    void is_done_with_a_chunk_without_a_header() {
        assertThat(read(0, parts.get(1))).isEqualTo(new Waiting<>(List.of(0L)));
    }

    @Test
    void keeps_the_requests_of_two_experiments_apart() {
        List<RankingRequest> others = new SampleRequest("b").parts();
        read(0, parts.get(0));
        for (int i = 0; i < 4; i++) {
            read(1 + i, others.get(i));
        }
        Complete<Long> complete = (Complete<Long>) read(5, others.get(4));
        assertThat(complete.done()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(requests.count()).isOne();
    }

    @Test
    void refuses_a_chunk_that_the_header_does_not_count() {
        read(0, parts.get(0));
        Refused<Long> refused = (Refused<Long>) read(1, new Candidates(1, sample.id(), "a", 2, List.of()));
        assertThat(refused.failure()).hasMessage("candidates: the header counts 2 chunks, got one with index 2");
        assertThat(refused.done()).containsExactly(0L, 1L);
        assertThat(requests.count()).isZero();
    }

    @Test
    void refuses_more_candidates_or_observations_than_it_may_hold() {
        read(0, parts.get(0));
        read(1, parts.get(3));
        Candidates twice = new Candidates(1, sample.id(), "a", 1, List.of(children(3), children(4)));
        assertThat(((Refused<Long>) read(2, twice)).failure())
                .hasMessage("candidates: there may be at most 800, got 900 or more");

        read(3, parts.get(0));
        read(4, parts.get(1));
        List<RankingRequest.Observation> fourteen = ((Observations) parts.get(2)).observations();
        List<RankingRequest.Observation> fifteen =
                Stream.concat(fourteen.stream(), fourteen.stream().limit(1)).toList();
        assertThat(((Refused<Long>) read(5, new Observations(1, sample.id(), "a", 1, fifteen))).failure())
                .hasMessage("observations: there may be at most 24, got 25 or more");
    }

    private RankingRequest.Children children(int part) {
        return ((Candidates) parts.get(part)).children().getFirst();
    }

    private Step<Long> read(long offset, RankingRequest part) {
        return requests.accept(new Received<>(part, 0, offset, offset));
    }
}
