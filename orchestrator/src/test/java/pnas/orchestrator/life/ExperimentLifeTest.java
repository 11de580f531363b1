package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pnas.orchestrator.life.Searches.NOW;

import java.io.IOException;
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
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.life.CaseTable.Case;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.specification.Strategy;

/** What follows from each order in each state of an experiment: {@code experiment-life.txt} is the table. */
class ExperimentLifeTest {
    private static final Map<String, ExperimentOrder> ORDERS = new LinkedHashMap<>();
    private static final Set<String> VISITED = new HashSet<>();
    private static final Spent SPENT = new Spent(9, 0, 0, 0);

    static {
        ORDERS.put("pause", new ExperimentOrder.Pause());
        ORDERS.put("resume", new ExperimentOrder.Resume());
        ORDERS.put("cancel", new ExperimentOrder.Cancel());
        ORDERS.put("extend by a block", extend(3, 2));
        ORDERS.put("extend by a larger beam", extend(2, 4));
        ORDERS.put("extend by both", extend(3, 4));
        ORDERS.put("retry", new ExperimentOrder.Retry(null, SPENT));
        ORDERS.put("retry one of stage 1", new ExperimentOrder.Retry(Searches.trial(1, TrialState.FAILED), SPENT));
        ORDERS.put("inspect", new ExperimentOrder.Inspect(SPENT));
        ORDERS.put("last trial over", new ExperimentOrder.EndStage(2, Searches.outcome(0.7)));
        ORDERS.put("last trial over, none with an accuracy", new ExperimentOrder.EndStage(2, Searches.outcome(null)));
    }

    private static ExperimentOrder extend(int blocks, int beam) {
        return new ExperimentOrder.Extend(
                Searches.specification(blocks, beam, Budget.UNLIMITED, new Strategy.Progressive()));
    }

    static Stream<Case> table() throws IOException {
        return CaseTable.read("experiment-life.txt").stream();
    }

    @ParameterizedTest
    @MethodSource("table")
    void follows(Case one) {
        ExperimentLife life = Searches.in(ExperimentState.valueOf(one.state()));
        ExperimentOrder order = Objects.requireNonNull(ORDERS.get(one.input()), one.input());
        if (one.follows().equals("refused")) {
            assertThatThrownBy(() -> life.obey(order, NOW))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FORBIDS))
                    .hasMessageStartingWith("experiment aaaaaaaa is " + one.state() + " and ");
            return;
        }
        ExperimentEffects effects = life.obey(order, NOW);

        assertThat(Searches.said(life, effects)).isEqualTo(one.follows());
        VISITED.add(one.state() + " -> " + effects.life().experiment().state());
    }

    @Test
    void the_table_has_every_order_in_every_state() throws IOException {
        Set<String> expected = ORDERS.keySet().stream()
                .flatMap(order -> Arrays.stream(ExperimentState.values()).map(state -> order + " at " + state))
                .collect(Collectors.toSet());
        assertThat(table().map(Case::place)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @AfterAll
    static void every_arrow_of_the_state_table_was_taken() {
        assertThat(VISITED)
                .containsAll(ExperimentTable.TABLE.transitions().stream()
                        .filter(row -> row.event() != ExperimentEvent.SPEND)
                        .map(row -> row.from() + " -> " + row.to())
                        .toList());
    }

    @Test
    void begins_with_all_cells_of_one_block() {
        ExperimentEffects begun = ExperimentLife.begin("aaaaaaaa", Searches.specification(), NOW);
        assertThat(said(begun)).isEqualTo("+1:TRAINING !experiment.created cells(1)=3 !stage.training wake-DISPATCH");
        assertThat(begun.life().experiment())
                .isEqualTo(new Experiment(
                        "aaaaaaaa", ExperimentState.RUNNING, null, Searches.specification(), 0, NOW, null));
        assertThat(begun.life().stages().getFirst().candidates()).isEqualTo(3);
    }

    @Test
    void one_that_draws_samples_begins_with_its_last_stage() {
        Specification drawn = Searches.specification(3, 2, Budget.UNLIMITED, new Strategy.RandomCells(5));
        ExperimentEffects begun = ExperimentLife.begin("aaaaaaaa", drawn, NOW);
        assertThat(said(begun)).isEqualTo("+3:EXPANDING !experiment.created !stage.expanding wake-OPEN_STAGE");
    }

    private static String said(ExperimentEffects begun) {
        return Searches.said(new ExperimentLife(begun.life().experiment(), List.of()), begun);
    }

    @Test
    void the_last_trial_of_a_stage_opens_the_next() {
        ExperimentLife life = new ExperimentLife(
                Searches.experiment(ExperimentState.RUNNING, Searches.specification()),
                List.of(Searches.stage(1, StageState.TRAINING)));
        assertThat(life.over())
                .hasValueSatisfying(stage -> assertThat(stage.number()).isEqualTo(1));

        ExperimentEffects ended = life.obey(new ExperimentOrder.EndStage(1, Searches.outcome(0.7)), NOW);
        assertThat(Searches.said(life, ended))
                .isEqualTo("1:DONE,barrier +2:EXPANDING !stage.done !stage.expanding wake-OPEN_STAGE");
        assertThat(ended.life().stages().getFirst().quality())
                .as("nothing was predicted")
                .isNull();
    }

    @Test
    void a_stage_with_an_open_trial_does_not_end() {
        for (TrialKind open : List.of(TrialKind.QUEUED, TrialKind.DISPATCHED, TrialKind.RUNNING)) {
            ExperimentLife life =
                    Searches.of(ExperimentState.RUNNING, counted(Map.of(TrialKind.TRAINED, 1L, open, 1L)));
            assertThat(life.over()).isEmpty();
            assertThat(life.obey(new ExperimentOrder.EndStage(2, Searches.outcome(0.7)), NOW)
                            .steps())
                    .isEmpty();
        }
        assertThat(Searches.of(ExperimentState.RUNNING, counted(Map.of(TrialKind.SET_ASIDE, 3L, TrialKind.FAILED, 1L)))
                        .over())
                .as("what is set aside is not waited for")
                .isPresent();
    }

    private static Stage counted(Map<TrialKind, Long> trials) {
        return Searches.counted(Searches.stage(2, StageState.TRAINING), trials);
    }

    @Test
    void says_that_nothing_could_be_trained() {
        assertThat(ExperimentLife.nothingMeasured(
                        true, 1, TrialKind.tally(Map.of(TrialKind.FAILED, 3L)), "out of memory"))
                .isEqualTo("nothing could be trained: 3 failed of the 3 trials of stage 1; the first: out of memory");
        assertThat(ExperimentLife.nothingMeasured(false, 2, TrialKind.tally(Map.of(TrialKind.DIVERGED, 1L)), null))
                .isEqualTo("no cell of stage 2 could be trained: 1 diverged of the 1 trial of stage 2");
    }

    @ParameterizedTest
    @EnumSource
    void stops_where_a_budget_is_spent(ExperimentState state) {
        ExperimentLife unlimited = Searches.in(state);
        ExperimentLife limited = new ExperimentLife(
                Searches.experiment(
                        state, Searches.specification(2, 2, new Budget(9, null, null), new Strategy.Progressive())),
                unlimited.stages());
        ExperimentEffects inspected = limited.obey(new ExperimentOrder.Inspect(SPENT), NOW);
        if (state == ExperimentState.RUNNING) {
            assertThat(Searches.said(limited, inspected)).isEqualTo("STOPPED 2:CLOSED Cancel(1,2) !experiment.stopped");
            assertThat(inspected.life().experiment().cause()).isEqualTo("budget.trainings of 9 is spent");
        } else {
            assertThat(inspected.life()).isEqualTo(limited);
        }
        assertThat(limited.obey(new ExperimentOrder.Inspect(new Spent(9, 1, 0, 0)), NOW)
                        .life())
                .as("the last that was paid for goes on")
                .isEqualTo(limited);
    }

    @Test
    void time_that_is_paused_does_not_count() {
        Experiment running = Searches.experiment(ExperimentState.RUNNING, Searches.specification());
        Experiment paused = running.after(ExperimentEvent.PAUSE, null, NOW);
        assertThat(paused.runningSeconds()).isEqualTo(40);
        assertThat(paused.runningSince()).isNull();
        Experiment resumed = paused.after(ExperimentEvent.RESUME, null, NOW.plusSeconds(1000));
        assertThat(resumed.runningSeconds()).isEqualTo(40);
        assertThat(resumed.runningSince()).isEqualTo(NOW.plusSeconds(1000));
    }

    @Test
    void one_that_goes_on_has_no_cause_and_no_end() {
        Experiment stopped = Searches.in(ExperimentState.STOPPED).experiment();
        assertThat(stopped.cause()).isNotNull();
        Experiment extended = Searches.in(ExperimentState.STOPPED)
                .obey(extend(3, 2), NOW)
                .life()
                .experiment();
        assertThat(extended.cause()).isNull();
        assertThat(extended.finishedAt()).isNull();
        assertThat(extended.specification().search().blocks()).isEqualTo(3);
    }

    @Test
    void what_failed_in_the_last_stage_is_tried_again_and_nothing_is_chosen_anew() {
        for (StageState state : List.of(StageState.TRAINING, StageState.DONE)) {
            ExperimentLife life = of(
                    state == StageState.DONE ? ExperimentState.COMPLETED : ExperimentState.RUNNING,
                    Searches.counted(Searches.stage(1, StageState.DONE), Map.of(TrialKind.TRAINED, 3L)),
                    Searches.counted(Searches.stage(2, state), Map.of(TrialKind.TRAINED, 1L, TrialKind.FAILED, 1L)));
            assertThat(Searches.said(life, life.obey(new ExperimentOrder.Retry(null, SPENT), NOW)))
                    .isEqualTo((state == StageState.DONE ? "RUNNING 2:TRAINING " : "")
                            + "!experiment.retried TryAgain(2) Reopen(1,2) wake-DISPATCH wake-OPEN_STAGE");
        }
    }

    /** It waits, cancelled, until the ranking after the first stage chooses it again. */
    @Test
    void what_failed_in_a_stage_that_chooses_anew_is_tried_again_where_it_is_chosen() {
        ExperimentLife life = of(
                ExperimentState.COMPLETED,
                Searches.stage(1, StageState.DONE),
                Searches.counted(
                        Searches.stage(2, StageState.DONE), Map.of(TrialKind.TRAINED, 1L, TrialKind.FAILED, 1L)));
        assertThat(Searches.said(life, life.obey(new ExperimentOrder.Retry(null, SPENT), NOW)))
                .isEqualTo("RUNNING 1:TRAINING 2:EXPANDING,anew !experiment.retried TryAgain(1) TryAgain(2) Cancel(2)"
                        + " Aside(2) Reopen(1,2) wake-DISPATCH wake-OPEN_STAGE");

        TrialLife trial = Lives.in(TrialState.FAILED);
        for (TrialOrder order : List.of(
                new TrialOrder.TryAgain(),
                new TrialOrder.Cancel("stage 2 chooses its cells anew"),
                new TrialOrder.SetAside(),
                new TrialOrder.Reopen())) {
            trial = trial.obey(order, Lives.TERMS, NOW).life();
        }
        assertThat(trial.trial().state()).isEqualTo(TrialState.CANCELLED);
        assertThat(trial.obey(new TrialOrder.Choose(), Lives.TERMS, NOW)
                        .life()
                        .trial()
                        .state())
                .isEqualTo(TrialState.QUEUED);
    }

    /** Somebody works at a request that does not know what is tried again: it is another one. */
    @Test
    void a_request_that_was_on_its_way_does_not_count_after_a_retry() {
        for (StageState state : List.of(StageState.EXPANDING, StageState.RANKING)) {
            ExperimentLife retried = Searches.at(state)
                    .obey(new ExperimentOrder.Retry(null, SPENT), NOW)
                    .life();
            ExperimentEffects answered = retried.hear(Searches.ranked(Searches.REQUEST, 5), Searches.stageOne(), NOW);
            assertThat(answered.life()).isEqualTo(retried);
            assertThat(retried.due(Searches.PATIENT, NOW)).as("stage 1 trains").isEmpty();
        }
    }

    @Test
    void a_search_whose_stage_measured_nothing_goes_on_by_a_retry_alone() {
        ExperimentLife life = of(
                ExperimentState.FAILED,
                Searches.counted(Searches.stage(1, StageState.CLOSED), Map.of(TrialKind.FAILED, 3L)));
        for (ExperimentOrder order : List.of(new ExperimentOrder.Resume(), extend(3, 2), extend(2, 4))) {
            assertThatThrownBy(() -> life.obey(order, NOW))
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FORBIDS))
                    .hasMessage("experiment aaaaaaaa is FAILED and cannot go on: no trial of stage 1 has an accuracy;"
                            + " retry those that failed");
        }
        assertThat(Searches.said(life, life.obey(new ExperimentOrder.Retry(null, SPENT), NOW)))
                .isEqualTo(
                        "RUNNING 1:TRAINING !experiment.retried TryAgain(1) Reopen(1) wake-DISPATCH wake-OPEN_STAGE");
    }

    @Test
    void a_larger_beam_gives_a_stage_that_measured_nothing_other_cells() {
        ExperimentLife life = of(
                ExperimentState.FAILED,
                Searches.stage(1, StageState.DONE),
                Searches.counted(Searches.stage(2, StageState.CLOSED), Map.of(TrialKind.FAILED, 2L)));
        assertThatThrownBy(() -> life.obey(extend(3, 2), NOW)).hasMessageContaining("no trial of stage 2");
        assertThat(Searches.said(life, life.obey(extend(2, 4), NOW)))
                .startsWith("RUNNING 2:EXPANDING,anew !experiment.extended Aside(2)");
    }

    @Test
    void says_why_nothing_is_tried_again() {
        ExperimentLife done = Searches.in(ExperimentState.COMPLETED);
        Trial aside = Searches.trial(1, TrialState.FAILED).setAside(true);
        assertThatThrownBy(() -> done.obey(new ExperimentOrder.Retry(aside, SPENT), NOW))
                .hasMessage("trial " + Lives.TRIAL + " is set aside and cannot be tried again");
        assertThatThrownBy(() ->
                        done.obey(new ExperimentOrder.Retry(Searches.trial(1, TrialState.DIVERGED), SPENT), NOW))
                .hasMessage("trial " + Lives.TRIAL + " is DIVERGED and cannot be tried again; one that is FAILED can");
        ExperimentLife flawless = of(
                ExperimentState.COMPLETED,
                Searches.counted(Searches.stage(1, StageState.DONE), Map.of(TrialKind.TRAINED, 3L)),
                Searches.stage(2, StageState.DONE));
        assertThatThrownBy(() -> flawless.obey(new ExperimentOrder.Retry(null, SPENT), NOW))
                .hasMessage("experiment aaaaaaaa is COMPLETED and has no trial that failed");
        ExperimentLife spent = new ExperimentLife(
                Searches.experiment(
                        ExperimentState.COMPLETED,
                        Searches.specification(2, 2, new Budget(9, null, null), new Strategy.Progressive())),
                done.stages());
        assertThatThrownBy(() -> spent.obey(new ExperimentOrder.Retry(null, SPENT), NOW))
                .hasMessage("experiment aaaaaaaa is COMPLETED and has nothing left to try again with: budget.trainings"
                        + " of 9 is spent");
    }

    private static ExperimentLife of(ExperimentState state, Stage... stages) {
        return new ExperimentLife(Searches.experiment(state, Searches.specification()), List.of(stages));
    }
}
