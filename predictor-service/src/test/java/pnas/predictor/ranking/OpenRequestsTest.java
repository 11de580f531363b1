package pnas.predictor.ranking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage.SignOfLife;
import pnas.message.RankingRequest;
import pnas.message.RankingRequest.Candidates;
import pnas.message.RankingRequest.Observations;
import pnas.predictor.ranking.OpenRequests.Effect;
import pnas.predictor.ranking.OpenRequests.Progress;
import pnas.predictor.ranking.OpenRequests.Received;
import pnas.predictor.ranking.OpenRequests.Terms;

final class OpenRequestsTest {
    private static final Instant START = Instant.parse("2026-03-01T14:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration GATHERING = Duration.ofMinutes(2);
    private static final Terms TERMS = new Terms(800, 24, 5_000, 2, INTERVAL, GATHERING);

    private OpenRequests<Long> requests = new OpenRequests<>(TERMS);
    private final SampleRequest sample = new SampleRequest("a");
    /** Header, two chunks of observations, two of candidates. */
    private final List<RankingRequest> parts = sample.parts();

    private Instant now = START;
    private long offset = 100;

    /** Where the sample stands, its records having the offsets from 0 on. */
    enum Standing {
        UNKNOWN,
        /** One chunk is missing. */
        GATHERING,
        /** Works 1 and 2 are those of others. */
        WAITING,
        /** Its work is 1. */
        RANKING,
        ANSWERED,
        GONE
    }

    private void bring(Standing standing) {
        switch (standing) {
            case UNKNOWN -> {}
            case GATHERING -> parts.subList(0, 4).forEach(this::readFromTheFirst);
            case WAITING -> {
                readAll(new SampleRequest("b"));
                readAll(new SampleRequest("c"));
                parts.forEach(this::readFromTheFirst);
            }
            case RANKING -> parts.forEach(this::readFromTheFirst);
            case ANSWERED -> {
                bring(Standing.RANKING);
                requests.answered(1, ranked(sample));
            }
            case GONE -> {
                bring(Standing.ANSWERED);
                requests.sent(sample.id());
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            UNKNOWN   | header          | -
            UNKNOWN   | last chunk      | done 10
            UNKNOWN   | withdrawn       | -
            UNKNOWN   | sent            | -
            UNKNOWN   | interval        | -
            UNKNOWN   | patience        | -
            GATHERING | header          | done 0 1 2 3
            GATHERING | newer header    | done 0 1 2 3
            GATHERING | chunk again     | -
            GATHERING | last chunk      | start 1
            GATHERING | uncounted chunk | answer INVALID_INPUT
            GATHERING | withdrawn       | done 0 1 2 3
            GATHERING | sent            | -
            GATHERING | interval        | -
            GATHERING | patience        | given up, done 0 1 2 3
            WAITING   | header          | -
            WAITING   | newer header    | done 0 1 2 3 4
            WAITING   | chunk again     | -
            WAITING   | uncounted chunk | -
            WAITING   | withdrawn       | done 0 1 2 3 4
            WAITING   | first answered  | answer b, start 3
            WAITING   | first stopped   | start 3
            WAITING   | sent            | -
            WAITING   | interval        | waits 0 of 600
            WAITING   | patience        | waits 0 of 600
            RANKING   | header          | -
            RANKING   | newer header    | stop 1, done 0 1 2 3 4
            RANKING   | chunk again     | -
            RANKING   | uncounted chunk | -
            RANKING   | withdrawn       | stop 1, done 0 1 2 3 4
            RANKING   | first answered  | answer a
            RANKING   | first stopped   | -
            RANKING   | sent            | -
            RANKING   | interval        | goes on 0 of 600
            RANKING   | patience        | goes on 0 of 600
            ANSWERED  | header          | -
            ANSWERED  | newer header    | -
            ANSWERED  | chunk again     | -
            ANSWERED  | uncounted chunk | -
            ANSWERED  | withdrawn       | -
            ANSWERED  | first answered  | -
            ANSWERED  | first stopped   | -
            ANSWERED  | sent            | done 0 1 2 3 4
            ANSWERED  | interval        | -
            ANSWERED  | patience        | -
            GONE      | header          | -
            GONE      | newer header    | -
            GONE      | chunk again     | done 10
            GONE      | withdrawn       | -
            GONE      | first answered  | -
            GONE      | first stopped   | -
            GONE      | sent            | -
            GONE      | interval        | -
            GONE      | patience        | -
            """)
    void what_follows_from_each_event_in_each_standing(Standing standing, String event, @Nullable String effects) {
        bring(standing);
        offset = 10;
        List<Effect<Long>> followed = switch (event) {
            case "header" -> read(parts.get(0));
            case "newer header" -> read(new SampleRequest("a").parts().get(0));
            case "chunk again" -> read(parts.get(1));
            case "last chunk" -> read(parts.get(4));
            case "uncounted chunk" -> read(new Candidates(1, sample.id(), "a", 2, List.of()));
            case "withdrawn" -> requests.withdrawn(sample.id());
            case "first answered" ->
                requests.answered(1, ranked(standing == Standing.WAITING ? new SampleRequest("b") : sample));
            case "first stopped" -> requests.stopped(1);
            case "sent" -> requests.sent(sample.id());
            case "interval" -> pass(INTERVAL);
            case "patience" -> pass(GATHERING.plusMillis(1));
            default -> throw new AssertionError(event);
        };
        assertThat(words(followed, "a")).isEqualTo(effects == null ? "" : effects);
    }

    @Test
    void is_complete_with_the_last_chunk_in_whatever_order_they_come() {
        read(parts.get(0));
        read(parts.get(4));
        read(parts.get(2));
        assertThat(read(parts.get(1))).isEmpty();
        assertThat(requests.gathering()).isOne();
        RankingTask task = ((Effect.Start<Long>) read(parts.get(3)).getFirst()).task();
        assertThat(task.observations()).hasSize(24);
        assertThat(task.families()).hasSize(2);
        assertThat(requests.gathering()).isZero();
    }

    @Test
    void begins_the_same_request_anew_that_is_sent_again_before_it_was_complete() {
        bring(Standing.GATHERING);
        read(parts.get(0));
        read(parts.get(4));
        read(parts.get(2));
        read(parts.get(3));
        assertThat(words(read(parts.get(1)))).isEqualTo("start 1");
    }

    @Test
    void patience_with_what_is_still_to_come_counts_from_the_last_record() {
        bring(Standing.GATHERING);
        assertThat(pass(GATHERING)).isEmpty();
        read(parts.get(1));
        assertThat(pass(GATHERING)).isEmpty();
        assertThat(words(pass(Duration.ofMillis(1)))).isEqualTo("given up, done 0 1 2 3 100");
        assertThat(requests.gathering()).isZero();
        assertThat(words(read(parts.get(4)))).as("what comes too late").isEqualTo("done 101");
        assertThat(words(readAll(sample))).as("asked for again").isEqualTo("start 1");
    }

    /** Its records may wait in the topic meanwhile: they are read when there is room. */
    @Test
    void no_request_is_given_up_while_there_is_no_room_for_its_rest() {
        bring(Standing.GATHERING);
        IntStream.range(0, 2 + 9).forEach(i -> readAll(new SampleRequest("experiment " + i)));
        assertThat(requests.hasRoom()).isFalse();
        assertThat(words(pass(GATHERING.multipliedBy(2)), "a")).isEmpty();
        requests.answered(1, ranked(sample));
        assertThat(words(pass(GATHERING), "a")).isEmpty();
        assertThat(words(pass(Duration.ofMillis(1)), "a")).isEqualTo("given up, done 0 1 2 3");
    }

    @Test
    void a_double_is_answered_with_the_first_and_not_ranked_again() {
        bring(Standing.RANKING);
        offset = 10;
        assertThat(parts.stream().flatMap(part -> read(part).stream())).isEmpty();
        assertThat(words(requests.answered(1, ranked(sample)))).isEqualTo("answer a");
        assertThat(words(requests.sent(sample.id()))).isEqualTo("done 0 1 2 3 4 10 11 12 13 14");
    }

    @Test
    void the_rest_of_a_double_that_the_answer_overtook_is_done_with() {
        bring(Standing.RANKING);
        offset = 10;
        read(parts.get(0));
        requests.answered(1, ranked(sample));
        assertThat(words(requests.sent(sample.id()))).isEqualTo("done 0 1 2 3 4 10");
        assertThat(words(read(parts.get(1)))).isEqualTo("done 11");
    }

    @Test
    void what_was_answered_is_ranked_again_where_it_is_asked_again() {
        bring(Standing.GONE);
        assertThat(words(readAll(sample))).isEqualTo("start 2");
    }

    @Test
    void keeps_records_open_that_it_reads_again() {
        readAt(5, parts.get(0));
        readAt(6, parts.get(1));
        assertThat(readAt(5, parts.get(0))).isEmpty();
        assertThat(readAt(6, parts.get(1))).isEmpty();
    }

    @Test
    void keeps_records_open_that_it_reads_again_while_their_request_is_ranked() {
        bring(Standing.RANKING);
        for (int i = 0; i < parts.size(); i++) {
            assertThat(readAt(i, parts.get(i))).isEmpty();
        }
    }

    @Test
    void ranks_as_many_at_once_as_there_are_threads_then_the_shortest_first() {
        SampleRequest one = new SampleRequest("1");
        SampleRequest two = new SampleRequest("2");
        SampleRequest shorter = new SampleRequest("4").parents(1);
        SampleRequest alike = new SampleRequest("5").parents(1);
        assertThat(words(readAll(one))).isEqualTo("start 1");
        assertThat(words(readAll(two))).isEqualTo("start 2");
        assertThat(readAll(new SampleRequest("3"))).isEmpty();
        assertThat(readAll(shorter)).isEmpty();
        assertThat(readAll(alike)).isEmpty();
        assertThat(requests.waiting()).isEqualTo(3);

        assertThat(started(requests.answered(2, ranked(two)))).containsExactly("4");
        assertThat(started(requests.answered(3, ranked(shorter)))).containsExactly("5");
        assertThat(started(requests.answered(1, ranked(one)))).containsExactly("3");
        assertThat(started(requests.answered(4, ranked(alike)))).isEmpty();
    }

    @Test
    void the_thread_of_a_withdrawn_ranking_is_free_once_it_has_ended() {
        bring(Standing.WAITING);
        UUID first = ((Effect.Tell<Long>) pass(INTERVAL).getFirst()).sign().requestId();
        assertThat(words(requests.withdrawn(first))).startsWith("stop 1, done ");
        assertThat(words(requests.stopped(1))).isEqualTo("start 3");
    }

    @Test
    void a_ranking_that_ends_just_after_its_withdrawal_is_not_answered() {
        bring(Standing.WAITING);
        UUID first = ((Effect.Tell<Long>) pass(INTERVAL).getFirst()).sign().requestId();
        requests.withdrawn(first);
        assertThat(words(requests.answered(1, ranked(sample)))).isEqualTo("start 3");
    }

    @Test
    void a_request_that_is_withdrawn_before_it_was_read_is_ranked_until_its_sign_of_life_is_answered() {
        assertThat(requests.withdrawn(sample.id())).isEmpty();
        assertThat(words(readAll(sample))).isEqualTo("start 1");
        assertThat(words(pass(INTERVAL))).isEqualTo("goes on 0 of 600");
        assertThat(words(requests.withdrawn(sample.id()))).startsWith("stop 1, done ");
        assertThat(pass(INTERVAL)).isEmpty();
    }

    @Test
    void tells_a_sign_of_life_of_each_complete_request_every_ten_seconds() {
        bring(Standing.WAITING);
        read(new SampleRequest("d").parts().getFirst());
        assertThat(pass(Duration.ofMillis(9_999))).isEmpty();
        assertThat(words(pass(Duration.ofMillis(1)))).isEqualTo("goes on 0 of 600, goes on 0 of 600, waits 0 of 600");
        assertThat(pass(Duration.ofMillis(9_999))).isEmpty();
        assertThat(words(pass(Duration.ofMillis(1)))).isEqualTo("goes on 0 of 600, goes on 0 of 600, waits 0 of 600");
    }

    @Test
    void tells_how_far_a_ranking_is_and_how_long_it_will_take_at_this_speed() {
        bring(Standing.RANKING);
        assertThat(signs(Progress.NONE)).containsExactly(sign(0, null));
        assertThat(signs(new Progress(150, 30))).containsExactly(sign(150, 90.0));
        assertThat(signs(new Progress(600, 120))).containsExactly(sign(600, 0.0));
    }

    @Test
    void a_predictor_that_died_leaves_all_records_of_a_request_to_the_next_one() {
        for (Standing standing : List.of(Standing.GATHERING, Standing.WAITING, Standing.RANKING, Standing.ANSWERED)) {
            requests = new OpenRequests<>(TERMS);
            offset = 100;
            bring(standing);
            // Nothing of the sample was done with, so the next one reads it from its header on.
            requests = new OpenRequests<>(TERMS);
            assertThat(words(readAll(sample))).as("died while %s", standing).isEqualTo("start 1");
        }
    }

    @Test
    void a_ranking_that_ended_without_an_answer_though_it_was_wanted_is_left_to_be_asked_for_again() {
        bring(Standing.RANKING);
        requests.stopped(1);
        assertThat(pass(INTERVAL)).isEmpty();
        assertThat(words(readAll(sample))).isEqualTo("start 2");
    }

    @Test
    void keeps_the_requests_of_two_experiments_apart() {
        bring(Standing.GATHERING);
        assertThat(words(readAll(new SampleRequest("b")))).isEqualTo("start 1");
        assertThat(requests.gathering()).isOne();
        assertThat(words(read(parts.get(4)))).isEqualTo("start 2");
    }

    @Test
    void a_chunk_that_names_another_experiment_than_its_header_is_done_with() {
        bring(Standing.GATHERING);
        Candidates last = (Candidates) parts.get(4);
        assertThat(words(read(new Candidates(1, sample.id(), "b", last.index(), last.children()))))
                .isEqualTo("done 100");
        assertThat(words(read(last))).isEqualTo("start 1");
    }

    @Test
    void refuses_a_chunk_that_the_header_does_not_count() {
        read(parts.get(0));
        assertThat(failure(read(new Candidates(1, sample.id(), "a", 2, List.of()))))
                .isEqualTo("candidates: the header counts 2 chunks, got one with index 2");
        assertThat(requests.gathering()).isZero();
    }

    @Test
    void refuses_more_candidates_or_observations_than_it_may_hold() {
        read(parts.get(0));
        read(parts.get(3));
        assertThat(failure(read(new Candidates(1, sample.id(), "a", 1, List.of(children(3), children(4))))))
                .isEqualTo("candidates: there may be at most 800, got 900 or more");
        requests.sent(sample.id());

        read(parts.get(0));
        read(parts.get(1));
        List<RankingRequest.Observation> fourteen = ((Observations) parts.get(2)).observations();
        List<RankingRequest.Observation> fifteen =
                Stream.concat(fourteen.stream(), fourteen.stream().limit(1)).toList();
        assertThat(failure(read(new Observations(1, sample.id(), "a", 1, fifteen))))
                .isEqualTo("observations: there may be at most 24, got 25 or more");
    }

    @Test
    void takes_no_further_request_in_while_too_many_candidates_wait() {
        for (int i = 0; i < 2 + 8; i++) {
            readAll(new SampleRequest("experiment " + i));
        }
        assertThat(requests.hasRoom()).as("8 times 600 of 5,000").isTrue();
        readAll(new SampleRequest("one more"));
        assertThat(requests.hasRoom()).isFalse();
        requests.answered(1, ranked(sample));
        assertThat(requests.hasRoom()).isTrue();
    }

    private RankingRequest.Children children(int part) {
        return ((Candidates) parts.get(part)).children().getFirst();
    }

    private static RankingAnswer ranked(SampleRequest request) {
        return new RankingAnswer.Ranked(
                1,
                request.id(),
                request.parts().getFirst().experimentId(),
                1,
                List.of(new RankingAnswer.Scored(Cell.parse("sep3x3(c-1)+sep3x3(c-1)"), 0.5)),
                new RankingAnswer.Histogram(0.5, 0.5, List.of(1)),
                null,
                1);
    }

    private void readFromTheFirst(RankingRequest part) {
        readAt(parts.indexOf(part), part);
    }

    private List<Effect<Long>> readAll(SampleRequest request) {
        List<Effect<Long>> effects = new ArrayList<>();
        request.parts().forEach(part -> effects.addAll(read(part)));
        return effects;
    }

    private List<Effect<Long>> read(RankingRequest part) {
        return readAt(offset++, part);
    }

    private List<Effect<Long>> readAt(long place, RankingRequest part) {
        return requests.accept(new Received<>(part, 0, place, place), now);
    }

    private List<Effect<Long>> pass(Duration time) {
        now = now.plus(time);
        return requests.pass(now, _ -> Progress.NONE);
    }

    private List<SignOfLife> signs(Progress progress) {
        now = now.plus(INTERVAL);
        return requests.pass(now, work -> work == 1 ? progress : Progress.NONE).stream()
                .map(effect -> ((Effect.Tell<Long>) effect).sign())
                .toList();
    }

    private SignOfLife sign(int scored, @Nullable Double secondsLeft) {
        return new SignOfLife(1, sample.id(), "a", false, scored, 600, secondsLeft);
    }

    private static String failure(List<Effect<Long>> effects) {
        return ((RankingAnswer.Failed) ((Effect.Answer<Long>) effects.getFirst()).answer()).message();
    }

    private static List<String> started(List<Effect<Long>> effects) {
        return effects.stream()
                .flatMap(effect -> effect instanceof Effect.Start<Long> start
                        ? Stream.of(start.task().header().experimentId())
                        : Stream.empty())
                .toList();
    }

    private static String words(List<Effect<Long>> effects) {
        return words(effects, null);
    }

    /** The effects in words; signs of life only of one experiment where it is given. */
    private static String words(List<Effect<Long>> effects, @Nullable String experiment) {
        return effects.stream()
                .map(effect -> switch (effect) {
                    case Effect.Done(List<Long> records) ->
                        records.stream().map(String::valueOf).collect(Collectors.joining(" ", "done ", ""));
                    case Effect.Start(long work, RankingTask _) -> "start " + work;
                    case Effect.Stop(long work) -> "stop " + work;
                    case Effect.GaveUp(RankingRequest.Header _) -> "given up";
                    case Effect.Answer(RankingAnswer.Failed failed) -> "answer " + failed.code();
                    case Effect.Answer(RankingAnswer answer) -> "answer " + answer.experimentId();
                    case Effect.Tell(SignOfLife sign) ->
                        experiment == null || sign.experimentId().equals(experiment)
                                ? (sign.waits() ? "waits " : "goes on ") + sign.scored() + " of " + sign.of()
                                : "";
                })
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
