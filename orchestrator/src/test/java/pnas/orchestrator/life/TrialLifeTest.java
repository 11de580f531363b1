package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static pnas.orchestrator.life.Lives.NOW;
import static pnas.orchestrator.life.Lives.OWNER;
import static pnas.orchestrator.life.Lives.TERMS;
import static pnas.orchestrator.life.Lives.delivery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.ErrorCode;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.EpochFinished;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.life.CaseTable.Case;
import pnas.orchestrator.life.Trial.Lease;
import pnas.orchestrator.life.Trial.Result;
import pnas.orchestrator.life.Trial.Standing;

/** What follows from each message and each order in each state: {@code trial-life.txt} is the table. */
class TrialLifeTest {
    /** What can come, by the name that the table gives it. */
    private static final Map<String, Input> INPUTS = new LinkedHashMap<>();

    private static final Owner PAUSED = new Owner(false, /* reuse= */ true, null, Lives.RECIPE);
    private static final Owner SPENT = Lives.owner(0L);

    /** A message or an order. */
    @FunctionalInterface
    private interface Input {
        TrialEffects at(TrialLife life);
    }

    static {
        AttemptRef a = delivery('A');
        AttemptRef b = delivery('B');
        AttemptRef o = delivery('O');
        AttemptRef third = delivery(Lives.TRIAL, 'C', 3);
        hears("claim A", new Claimed(1, a));
        hears("claim B", new Claimed(1, b));
        hears("claim O", new Claimed(1, o));
        hears("claim of the first attempt by C", new Claimed(1, delivery(Lives.TRIAL, 'C', 1)));
        hears("claim of a third attempt by C", new Claimed(1, third));
        hears("claim A, paused", new Claimed(1, a), PAUSED);
        hears("claim B, paused", new Claimed(1, b), PAUSED);
        hears("claim A, nothing left", new Claimed(1, a), SPENT);
        hears("claim B, nothing left", new Claimed(1, b), SPENT);
        besideATwin("claim A, twin out", life -> life.hear(new Claimed(1, a), OWNER, TERMS, NOW));
        besideATwin("claim B, twin out", life -> life.hear(new Claimed(1, b), OWNER, TERMS, NOW));
        hears("beat A", new Heartbeat(1, a, 9, 0));
        hears("beat B", new Heartbeat(1, b, 9, 0));
        hears("beat O", new Heartbeat(1, o, 9, 0));
        hears("beat A, paused", new Heartbeat(1, a, 9, 0), PAUSED);
        hears("epoch A", new EpochFinished(1, a, 1, 0.5, 0.6, 2));
        hears("epoch B", new EpochFinished(1, b, 1, 0.5, 0.6, 2));
        hears("epoch O", new EpochFinished(1, o, 1, 0.5, 0.6, 2));
        hears("epoch A beyond the last", new EpochFinished(1, a, 21, 0.5, 0.6, 2));
        ends("trained A", a, new Outcome.Trained(0.7, Lives.MACHINE, false));
        ends("trained B", b, new Outcome.Trained(0.7, Lives.MACHINE, false));
        ends("trained O", o, new Outcome.Trained(0.7, Lives.MACHINE, false));
        ends("trained C, a third attempt", third, new Outcome.Trained(0.7, Lives.MACHINE, false));
        hears("trained A, paused", new Ended(1, a, new Outcome.Trained(0.7, Lives.MACHINE, false), 20), PAUSED);
        ends("diverged A", a, new Outcome.Diverged(3, Lives.MACHINE));
        ends("diverged B", b, new Outcome.Diverged(3, Lives.MACHINE));
        ends("diverged O", o, new Outcome.Diverged(3, Lives.MACHINE));
        ends("out of memory A", a, new Outcome.OutOfMemory("8 GiB"));
        ends("crashed A", a, new Outcome.Crashed("signal 9"));
        ends("crashed B", b, new Outcome.Crashed("signal 9"));
        ends("crashed O", o, new Outcome.Crashed("signal 9"));
        ends("stalled A", a, new Outcome.Stalled("no step"));
        ends("cancelled A", a, new Outcome.Cancelled());
        ends("cancelled B", b, new Outcome.Cancelled());
        ends("released A", a, new Outcome.Released(2));
        ends("failed A, in passing", a, new Outcome.Failed(ErrorCode.STORAGE_FAILURE, "disk"));
        ends("failed A, for good", a, new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "no such cell"));
        obeys("dispatched", new TrialOrder.Dispatch(2, 117));
        obeys("dispatched, the attempt before", new TrialOrder.Dispatch(1, 117));
        besideATwin("dispatched, twin out", life -> life.obey(new TrialOrder.Dispatch(2, 117), TERMS, NOW));
        JobQueue past = new JobQueue(101, 200);
        obeys("lost: the trainers are past it", new TrialOrder.Lose(NOW, past));
        obeys("lost: the trainers are past it and nothing waits", new TrialOrder.Lose(NOW, new JobQueue(200, 200)));
        obeys("lost: the topic ends before it", new TrialOrder.Lose(NOW, new JobQueue(0, 100)));
        obeys("lost, if the trainers were past it", new TrialOrder.Lose(NOW, new JobQueue(100, 200)));
        obeys("lost, if sent a minute ago", new TrialOrder.Lose(NOW.minusSeconds(60), past));
        obeys("silent", new TrialOrder.Expire(NOW.plusSeconds(31)));
        obeys("silent, but heard meanwhile", new TrialOrder.Expire(NOW.plusSeconds(30)));
        obeys("silent, but heard just now", new TrialOrder.Expire(NOW));
        obeys("reused", new TrialOrder.Reuse(Lives.in(TrialState.TRAINED).trial()));
        obeys(
                "reused, diverged",
                new TrialOrder.Reuse(Lives.in(TrialState.DIVERGED).trial()));
        obeys("cancelled", new TrialOrder.Cancel("the experiment was cancelled"));
        obeys("reopened", new TrialOrder.Reopen());
        obeys("tried again", new TrialOrder.TryAgain());
        obeys("set aside", new TrialOrder.SetAside());
        obeys("chosen", new TrialOrder.Choose());
    }

    private static void hears(String name, TrainingProgress message) {
        hears(name, message, OWNER);
    }

    private static void hears(String name, TrainingProgress message, Owner owner) {
        INPUTS.put(name, life -> life.hear(message, owner, TERMS, NOW));
    }

    private static void besideATwin(String name, Input input) {
        Trial twin = Lives.twin(1, TrialState.DISPATCHED).trial();
        INPUTS.put(name, life -> input.at(new TrialLife(life.trial(), life.attempts(), twin)));
    }

    private static void ends(String name, AttemptRef attempt, Outcome outcome) {
        hears(name, new Ended(1, attempt, outcome, 20));
    }

    private static void obeys(String name, TrialOrder order) {
        INPUTS.put(name, life -> life.obey(order, TERMS, NOW));
    }

    static Stream<Case> table() throws IOException {
        return CaseTable.read("trial-life.txt").stream();
    }

    private static final Set<String> VISITED = new HashSet<>();

    @ParameterizedTest
    @EnumSource
    void what_confirms_no_more_is_set_aside_and_no_other_trial_is(TrialState state) {
        TrialLife first = Lives.in(state);
        assertThat(first.obey(new TrialOrder.SetAsideRepeat(), Lives.TERMS, Lives.NOW)
                        .life())
                .isEqualTo(first);
        Trial.Subject subject = first.trial().subject();
        Trial repeat = new Trial(
                new Trial.Subject(subject.id(), subject.experimentId(), subject.stage(), subject.cellId(), 1, 7, null),
                first.trial().standing(),
                first.trial().tries(),
                first.trial().queuedAt(),
                first.trial().sent(),
                first.trial().worker(),
                null,
                /* setAside= */ false);
        assertThat(repeat.isOfSearch()).isFalse();
        assertThat(new TrialLife(repeat, first.attempts())
                        .obey(new TrialOrder.SetAsideRepeat(), Lives.TERMS, Lives.NOW)
                        .life()
                        .trial())
                .isEqualTo(repeat.setAside(true));
    }

    @AfterAll
    static void every_arrow_of_the_state_table_was_taken() {
        assertThat(VISITED)
                .containsAll(TrialTable.TABLE.transitions().stream()
                        .map(row -> row.from() + " -> " + row.to())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("table")
    void follows(Case one) {
        TrialLife life = Lives.in(TrialState.valueOf(one.state()));
        TrialEffects effects = input(one.input()).at(life);

        assertThat(Said.of(life, effects)).isEqualTo(one.follows());
        VISITED.add(one.state() + " -> " + effects.life().trial().state());
    }

    @Test
    void the_table_has_every_input_in_every_state() throws IOException {
        Set<String> expected = INPUTS.keySet().stream()
                .flatMap(input -> Arrays.stream(TrialState.values()).map(state -> input + " at " + state))
                .collect(Collectors.toSet());
        assertThat(table().map(Case::place)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** The broker delivers at least once: whatever comes twice leaves what came once. */
    @ParameterizedTest
    @EnumSource
    void what_comes_twice_changes_nothing(TrialState state) {
        INPUTS.forEach((name, input) -> {
            TrialLife once = input.at(Lives.in(state)).life();
            TrialEffects twice = input.at(once);

            assertThat(twice.life()).as(name).isEqualTo(once);
            assertThat(twice.events()).as(name).isEmpty();
            assertThat(twice.over()).as(name).isFalse();
            assertThat(twice.ended()).as(name).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"TRAINED", "DIVERGED"})
    void an_accepted_result_never_changes(TrialState state) {
        TrialLife before = Lives.in(state);
        INPUTS.forEach(
                (name, input) -> assertThat(input.at(before).life().trial().standing())
                        .as(name)
                        .isEqualTo(before.trial().standing()));
    }

    @Test
    void what_failed_is_tried_again_as_at_first() {
        TrialLife failed = Lives.in(TrialState.FAILED, /* halfBatch= */ true, /* failures= */ 4);
        Trial again = input("tried again").at(failed).life().trial();
        assertThat(again.tries()).isEqualTo(new Trial.Tries(3, 0, /* halfBatch= */ false));
        assertThat(again.cause()).isNull();
    }

    @Test
    void what_is_set_aside_neither_reopens_nor_is_tried_again() {
        for (TrialState state : List.of(TrialState.FAILED, TrialState.CANCELLED)) {
            TrialLife aside = input("set aside").at(Lives.in(state)).life();
            assertThat(input("reopened").at(aside).life()).isEqualTo(aside);
            assertThat(input("tried again").at(aside).life()).isEqualTo(aside);
        }
    }

    @Test
    void a_claim_has_the_lease_for_its_duration_and_tells_how_long_the_trial_waited() {
        TrialEffects effects = input("claim A").at(Lives.in(TrialState.DISPATCHED));
        assertThat(effects.life().trial().lease())
                .isEqualTo(new Lease("worker A", delivery('A').token(), NOW.plus(TERMS.duration())));
        assertThat(effects.life().trial().worker()).isEqualTo("worker A");
        assertThat(effects.waited()).isEqualTo(Duration.ofSeconds(30));
        assertThat(input("claim B").at(Lives.in(TrialState.RUNNING)).waited()).isNull();
    }

    @Test
    void the_former_holder_hears_why_it_has_lost_the_lease() {
        TrialEffects effects = input("claim B").at(Lives.in(TrialState.RUNNING));
        assertThat(attempt(effects, 'A').end())
                .isEqualTo(new Attempt.End(AttemptOutcome.EXPIRED, "worker worker B claimed the same job later", NOW));
        assertThat(input("beat A").at(effects.life()).stops())
                .extracting(TrainerCommand.Stop::reason)
                .containsExactly("another claim or a later attempt has the lease");
    }

    @Test
    void a_result_of_the_whole_batch_may_be_reused() {
        Trial trained =
                input("trained A").at(Lives.in(TrialState.RUNNING)).life().trial();
        assertThat(trained.standing())
                .isEqualTo(new Standing.Trained(
                        NOW,
                        0.7,
                        new Result(
                                Lives.RECIPE.identity("0000000000000001", false, Lives.MACHINE, 7),
                                new Result.Own(2, 20, /* replayed= */ false, /* reusable= */ true))));
        assertThat(input("trained A").at(Lives.in(TrialState.RUNNING)).ended())
                .containsExactly(new TrialEffects.Ended(AttemptOutcome.TRAINED, 3, 20.0));
    }

    @Test
    void a_result_of_half_the_batch_says_so_and_is_not_reused() {
        TrialLife half = Lives.in(TrialState.RUNNING, /* halfBatch= */ true, /* failures= */ 1);
        for (String result : List.of("trained A", "diverged A")) {
            Result kept = result(input(result).at(half));
            assertThat(kept.identity().settings().batchSize())
                    .isEqualTo(Lives.RECIPE.settings().batchSize() / 2);
            assertThat(kept.source()).isEqualTo(new Result.Own(2, 20, /* replayed= */ false, /* reusable= */ false));
        }
    }

    @Test
    void the_batch_of_an_attempt_counts_and_not_that_of_a_later_one() {
        TrialLife halved =
                input("out of memory A").at(Lives.in(TrialState.RUNNING)).life();
        assertThat(result(input("trained O").at(halved)).identity().settings().batchSize())
                .isEqualTo(Lives.RECIPE.settings().batchSize());
    }

    @Test
    void what_was_looked_up_is_not_reused() {
        TrainingProgress replayed =
                new Ended(1, delivery('A'), new Outcome.Trained(0.7, Lives.MACHINE, /* replayed= */ true), 20);
        assertThat(result(Lives.in(TrialState.RUNNING).hear(replayed, OWNER, TERMS, NOW))
                        .source())
                .isEqualTo(new Result.Own(2, 20, /* replayed= */ true, /* reusable= */ false));
    }

    @Test
    void memory_that_runs_out_with_half_the_batch_too_fails_the_trial() {
        TrialEffects effects =
                input("out of memory A").at(Lives.in(TrialState.RUNNING, /* halfBatch= */ true, /* failures= */ 1));
        assertThat(effects.life().trial().state()).isEqualTo(TrialState.FAILED);
        assertThat(effects.life().trial().cause()).isEqualTo("out of memory, with half the batch too: 8 GiB");
        assertThat(effects.over()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crashed A", "stalled A", "failed A, in passing", "silent"})
    void the_fourth_failure_is_the_last(String failure) {
        TrialEffects third = input(failure).at(Lives.in(TrialState.RUNNING, false, /* failures= */ 2));
        assertThat(third.life().trial().state()).isEqualTo(TrialState.QUEUED);
        TrialEffects fourth = input(failure).at(Lives.in(TrialState.RUNNING, false, /* failures= */ 3));
        assertThat(fourth.life().trial().state()).isEqualTo(TrialState.FAILED);
        assertThat(fourth.life().trial().cause()).startsWith("4 attempts failed, the last one: ");
        assertThat(fourth.events()).extracting(NewEvent::type).containsExactly("trial.failed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"released A", "cancelled A"})
    void what_is_given_back_counts_for_nothing_however_often(String end) {
        TrialEffects effects = input(end).at(Lives.in(TrialState.RUNNING, false, /* failures= */ 3));
        assertThat(effects.life().trial().state()).isEqualTo(TrialState.QUEUED);
        assertThat(effects.life().trial().tries()).isEqualTo(new Trial.Tries(3, 3, false));
    }

    /** One forged or repeated record must not end a trial. */
    @Test
    void a_result_of_an_attempt_that_was_never_granted_is_written_down_and_counts_for_nothing() {
        TrialEffects forged = input("trained B").at(Lives.in(TrialState.RUNNING));
        assertThat(forged.life().trial()).isEqualTo(Lives.in(TrialState.RUNNING).trial());
        assertThat(attempt(forged, 'B').told()).isEqualTo(new Attempt.Told(20, 0.7));
        assertThat(attempt(forged, 'B').end())
                .isEqualTo(new Attempt.End(AttemptOutcome.TRAINED, "does not count: no such attempt was granted", NOW));

        TrialLife refused =
                input("claim A, paused").at(Lives.in(TrialState.DISPATCHED)).life();
        assertThat(input("trained A").at(refused).life().trial()).isEqualTo(refused.trial());
    }

    @Test
    void a_late_result_stays_beside_its_attempt() {
        TrialEffects late = input("trained O").at(Lives.in(TrialState.TRAINED));
        assertThat(attempt(late, 'O').told()).isEqualTo(new Attempt.Told(20, 0.7));
        assertThat(attempt(late, 'O').end())
                .isEqualTo(new Attempt.End(AttemptOutcome.DUPLICATE, "too late: the trial is TRAINED", NOW));
        assertThat(late.ended()).containsExactly(new TrialEffects.Ended(AttemptOutcome.DUPLICATE, 3, null));
    }

    @Test
    void a_reused_result_names_its_trial_and_costs_no_attempt() {
        TrialEffects effects = input("reused").at(Lives.in(TrialState.QUEUED));
        assertThat(result(effects).source()).isEqualTo(new Result.Reused(Lives.TRIAL));
        assertThat(effects.life().attempts()).hasSize(1);
    }

    @Test
    void only_a_result_can_be_reused() {
        for (TrialState state : TrialState.values()) {
            if (state != TrialState.TRAINED && state != TrialState.DIVERGED) {
                TrialOrder order = new TrialOrder.Reuse(Lives.in(state).trial());
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Lives.in(TrialState.QUEUED).obey(order, TERMS, NOW))
                        .withMessageContaining("has no result to reuse");
            }
        }
    }

    @Test
    void what_was_sent_says_where_its_job_stands_until_it_is_queued_again() {
        Trial sent = input("dispatched").at(Lives.in(TrialState.QUEUED)).life().trial();
        assertThat(sent.sent()).isEqualTo(new Trial.Sent(NOW, 117L));
        assertThat(input("lost: the trainers are past it")
                        .at(Lives.in(TrialState.DISPATCHED))
                        .life()
                        .trial()
                        .sent())
                .isNull();
    }

    @Test
    void a_job_whose_place_was_never_noted_waits_as_long_as_anything_does() {
        assertThat(new JobQueue(7, 9).mayHold(null)).isTrue();
        assertThat(new JobQueue(9, 9).mayHold(null)).isFalse();
    }

    @Test
    void what_was_set_aside_is_chosen_again() {
        TrialLife aside = input("set aside").at(Lives.in(TrialState.TRAINED)).life();
        assertThat(Said.of(aside, input("chosen").at(aside))).isEqualTo("chosen !chosen");

        TrialLife cancelled =
                input("set aside").at(Lives.in(TrialState.CANCELLED)).life();
        assertThat(Said.of(cancelled, input("chosen").at(cancelled)))
                .isEqualTo("QUEUED attempt=3 chosen !chosen !reopened room");
    }

    @Test
    void hears_of_no_other_trial() {
        TrainingProgress other = new Claimed(1, delivery(Lives.trialId(2), 'A', 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lives.in(TrialState.QUEUED).hear(other, OWNER, TERMS, NOW));
    }

    @Test
    void long_and_strange_messages_are_cut_and_cleaned() {
        TrainingProgress crash = new Ended(1, delivery('A'), new Outcome.Crashed("\0" + "x".repeat(9000)), 20);
        TrialEffects effects = Lives.in(TrialState.RUNNING).hear(crash, OWNER, TERMS, NOW);
        for (String kept : List.of(
                Objects.requireNonNull(
                        Objects.requireNonNull(attempt(effects, 'A').end()).message()),
                Objects.requireNonNull(effects.life().trial().cause()))) {
            assertThat(kept)
                    .contains("\\u0000x")
                    .endsWith("x…")
                    .doesNotContain("\0")
                    .hasSizeLessThan(2100);
        }
    }

    private static Input input(String name) {
        return Objects.requireNonNull(INPUTS.get(name), name);
    }

    private static Attempt attempt(TrialEffects effects, char letter) {
        return effects.life().attempts().stream()
                .filter(attempt -> attempt.ref().token().equals(delivery(letter).token()))
                .findFirst()
                .orElseThrow();
    }

    private static Result result(TrialEffects effects) {
        return switch (effects.life().trial().standing()) {
            case Standing.Trained(Instant _, double _, Result result) -> result;
            case Standing.Diverged(Instant _, Result result) -> result;
            case Standing.Queued _,
                    Standing.Dispatched _,
                    Standing.Running _,
                    Standing.Failed _,
                    Standing.Cancelled _ -> throw new AssertionError("no result");
        };
    }
}
