package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pnas.orchestrator.life.Searches.NOW;
import static pnas.orchestrator.life.Searches.OTHER;
import static pnas.orchestrator.life.Searches.REQUEST;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage.SignOfLife;
import pnas.orchestrator.life.CaseTable.Case;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Strategy;

/** What follows for a stage from each order and answer in each of its states: {@code stage-life.txt} is the table. */
class StageLifeTest {
    private static final Map<String, Input> INPUTS = new LinkedHashMap<>();
    private static final Set<String> VISITED = new HashSet<>();

    /** An order or an answer. */
    @FunctionalInterface
    private interface Input {
        ExperimentEffects at(ExperimentLife life);
    }

    static {
        orders("take", new StageOrder.Take(Searches.PATIENT, OTHER));
        orders("take, though asked for long", new StageOrder.Take(Searches.IMPATIENT, OTHER));
        orders("take, asked as often as may be", new StageOrder.Take(Searches.ONCE, OTHER));
        orders("expanded", new StageOrder.Expanded(REQUEST, 7));
        orders("expanded, of another request", new StageOrder.Expanded(OTHER, 7));
        orders("asked", new StageOrder.Asked(REQUEST));
        orders("asked, of another request", new StageOrder.Asked(OTHER));
        orders("given back", new StageOrder.GiveBack(REQUEST));
        orders("given back, of another request", new StageOrder.GiveBack(OTHER));
        orders("draw", new StageOrder.Draw(REQUEST));
        orders("draw, of another request", new StageOrder.Draw(OTHER));
        hears("ranked", Searches.ranked(REQUEST, 5));
        hears("ranked, of another request", Searches.ranked(OTHER, 5));
        hears("failed in passing", Searches.failed(ErrorCode.RANKING_FAILED));
        hears("failed for good", Searches.failed(ErrorCode.INVALID_INPUT));
        INPUTS.put("sign of life", life -> life.hear(Searches.sign(REQUEST), NOW));
        INPUTS.put("sign of life, of another request", life -> life.hear(Searches.sign(OTHER), NOW));
        gives("last trial over", new ExperimentOrder.EndStage(2, Searches.outcome(0.7)));
        gives("last trial over, none with an accuracy", new ExperimentOrder.EndStage(2, Searches.outcome(null)));
        INPUTS.put(
                "last trial over, winners to be confirmed",
                life -> confirming(life).obey(new ExperimentOrder.EndStage(2, Searches.outcome(0.7)), NOW));
        gives("the search ends", new ExperimentOrder.Cancel());
    }

    private static ExperimentLife confirming(ExperimentLife life) {
        return new ExperimentLife(
                Searches.experiment(life.experiment().state(), Searches.confirming(1, 2)), life.stages());
    }

    private static void orders(String name, StageOrder order) {
        gives(name, new ExperimentOrder.OfStage(2, order));
    }

    private static void gives(String name, ExperimentOrder order) {
        INPUTS.put(name, life -> life.obey(order, NOW));
    }

    private static void hears(String name, RankingAnswer answer) {
        INPUTS.put(name, life -> life.hear(answer, Searches.stageOne(), NOW));
    }

    private static Input input(String name) {
        return Objects.requireNonNull(INPUTS.get(name), name);
    }

    static Stream<Case> table() throws IOException {
        return CaseTable.read("stage-life.txt").stream();
    }

    @ParameterizedTest
    @MethodSource("table")
    void follows(Case one) {
        ExperimentLife life = Searches.at(StageState.valueOf(one.state()));
        ExperimentEffects effects = input(one.input()).at(life);

        assertThat(Searches.said(life, effects)).isEqualTo(one.follows());
        VISITED.add(one.state() + " -> " + effects.life().stages().get(1).state());
    }

    @Test
    void the_table_has_every_input_in_every_state() throws IOException {
        Set<String> expected = INPUTS.keySet().stream()
                .flatMap(input -> Arrays.stream(StageState.values()).map(state -> input + " at " + state))
                .collect(Collectors.toSet());
        assertThat(table().map(Case::place)).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Reopening and choosing anew are orders to the experiment: its table has them. */
    @AfterAll
    static void every_arrow_that_the_experiment_does_not_draw_was_taken() {
        assertThat(VISITED)
                .containsAll(StageTable.TABLE.transitions().stream()
                        .filter(row -> row.event() != StageEvent.CHOOSE_ANEW && row.event() != StageEvent.REOPEN)
                        .map(row -> row.from() + " -> " + row.to())
                        .toList());
    }

    /** Two predictors may answer one request, and a record may come twice. */
    @ParameterizedTest
    @EnumSource
    void a_second_answer_changes_nothing(StageState state) {
        ExperimentLife once = input("ranked").at(Searches.at(state)).life();
        for (String second : List.of("ranked", "failed in passing", "failed for good")) {
            assertThat(Searches.said(once, input(second).at(once))).as(second).isEqualTo("nothing");
        }
    }

    /** It was asked half a minute ago, which is too long without a word, and as often as may be. */
    @Test
    void what_a_predictor_tells_of_is_waited_for() {
        ExperimentLife told =
                input("sign of life").at(Searches.at(StageState.RANKING)).life();
        assertThat(told.stages().get(1).asking().progress()).isEqualTo(new RankingProgress(NOW, false, 3, 12.5));
        assertThat(told.due(Searches.ONCE, NOW.plusSeconds(20))).isEmpty();
        assertThat(told.due(Searches.ONCE, NOW.plusSeconds(21))).isPresent();
        assertThat(Searches.said(told, input("sign of life").at(told)))
                .as("nothing new")
                .isEqualTo("nothing");

        ExperimentLife again = input("asked").at(told).life();
        assertThat(again.stages().get(1).asking().progress())
                .as("who told of it may have died")
                .isNull();
    }

    @Test
    void a_sign_of_life_of_another_number_of_candidates_is_refused() {
        SignOfLife sign = new SignOfLife(1, REQUEST, Lives.EXPERIMENT, false, 3, 6, null);
        assertThatThrownBy(() -> Searches.at(StageState.RANKING).hear(sign, NOW))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("it tells of 6 candidates, the request held 5");
    }

    @ParameterizedTest
    @EnumSource
    void a_ranking_is_waited_for_in_a_pause_and_withdrawn_after_the_end(ExperimentState state) {
        ExperimentLife life = Searches.of(state, Searches.stage(2, StageState.RANKING));
        assertThat(Searches.said(life, input("sign of life").at(life)))
                .isEqualTo(state.isTerminal() ? "withdrawn" : "2:heard !stage.scored");
    }

    @Test
    void says_why_a_stage_has_no_ranking() {
        ExperimentLife ranking = Searches.at(StageState.RANKING);
        assertThat(input("take, asked as often as may be")
                        .at(ranking)
                        .life()
                        .experiment()
                        .cause())
                .isEqualTo("no predictor ranked the candidates of stage 2, though asked 1 times");
        assertThat(input("failed for good").at(ranking).life().experiment().cause())
                .isEqualTo("the candidates of stage 2 could not be ranked: INVALID_INPUT: as the test wants it");
    }

    @Test
    void a_ranking_that_does_not_answer_its_request_is_refused() {
        for (StageState state : List.of(StageState.EXPANDING, StageState.RANKING)) {
            assertThatThrownBy(() -> Searches.at(state).hear(Searches.ranked(REQUEST, 4), Searches.stageOne(), NOW))
                    .isInstanceOf(PnasException.class)
                    .hasMessageContaining("it scored 4 candidates, the request held 5");
            assertThatThrownBy(() -> Searches.at(state).hear(Searches.ranked(REQUEST, 5), List.of(), NOW))
                    .hasMessageContaining("does not extend a measured cell");
        }
    }

    @Test
    void a_request_keeps_its_id_however_often_it_is_taken() {
        ExperimentLife fresh = Searches.of(ExperimentState.RUNNING, Stage.expanding(2, NOW));
        ExperimentLife taken = take(fresh, REQUEST);
        assertThat(taken.stages().get(1).asking())
                .isEqualTo(new Stage.Asking(REQUEST, 0, null, NOW.plus(Searches.PATIENT.working()), null));
        assertThat(taken.due(Searches.PATIENT, NOW)).as("somebody works at it").isEmpty();
        assertThat(take(taken, OTHER)).isEqualTo(taken);

        ExperimentLife died = new ExperimentLife(
                taken.experiment(), List.of(taken.stages().getFirst(), Searches.stage(2, StageState.EXPANDING)));
        assertThat(take(died, OTHER).stages().get(1).asking().requestId()).isEqualTo(REQUEST);
    }

    private static ExperimentLife take(ExperimentLife life, UUID id) {
        return life.obey(new ExperimentOrder.OfStage(2, new StageOrder.Take(Searches.PATIENT, id)), NOW)
                .life();
    }

    /** A larger beam has both choose anew; the second needs what the first measures. */
    @Test
    void a_stage_waits_for_those_before_it() {
        ExperimentLife life = new ExperimentLife(
                Searches.experiment(ExperimentState.RUNNING, Searches.specification()),
                List.of(
                        Searches.stage(1, StageState.DONE),
                        Searches.stage(2, StageState.TRAINING),
                        Searches.stage(3, StageState.EXPANDING)));
        assertThat(life.due(Searches.PATIENT, NOW)).isEmpty();
        assertThat(life.obey(new ExperimentOrder.OfStage(3, new StageOrder.Take(Searches.PATIENT, OTHER)), NOW)
                        .life())
                .isEqualTo(life);
    }

    @ParameterizedTest
    @EnumSource
    void only_an_experiment_that_runs_asks(ExperimentState state) {
        ExperimentLife life = Searches.of(state, Searches.stage(2, StageState.EXPANDING));
        assertThat(life.due(Searches.PATIENT, NOW).isPresent()).isEqualTo(state == ExperimentState.RUNNING);
        assertThat(take(life, OTHER).equals(life)).isEqualTo(state != ExperimentState.RUNNING);
        assertThat(input("ranked").at(life).steps().isEmpty())
                .as("an answer counts until the end")
                .isEqualTo(state.isTerminal());
    }

    @Test
    void chance_draws_the_cells_of_the_seed() {
        ExperimentLife life = new ExperimentLife(
                Searches.experiment(
                        ExperimentState.RUNNING,
                        Searches.specification(2, 4, Budget.UNLIMITED, new Strategy.RandomStages())),
                List.of(Searches.stage(1, StageState.DONE), Searches.stage(2, StageState.EXPANDING)));
        ExperimentEffects drawn = input("draw").at(life);
        assertThat(drawn.steps())
                .isEqualTo(input("draw").at(life).steps())
                .first()
                .isInstanceOfSatisfying(ExperimentEffects.Chosen.class, chosen -> {
                    assertThat(chosen.cells()).extracting(NewTrial::rank).containsExactly(1, 2, 3, 4);
                    assertThat(chosen.cells()).extracting(NewTrial::predicted).containsOnlyNulls();
                });
    }

    /** A trainer with two slots, whose last claim was at the second 2; the stage ends at 20. */
    @Test
    void slots_stand_idle_from_the_last_claim_to_the_end() {
        Stage.Work first = work(/* own= */ true, "a", 2, 0, 10);
        Stage.Work last = work(/* own= */ true, "a", 2, 2, 20);
        assertThat(barrier(first, last)).isEqualTo(new Stage.Barrier(10, 28));
        assertThat(barrier(first, last, work(/* own= */ false, "a", 2, 12, 16)))
                .as("what it does for another experiment is no idleness")
                .isEqualTo(new Stage.Barrier(6, 28));
        assertThat(barrier(first, last, work(/* own= */ false, "a", 2, 12, null)))
                .as("nor what goes on")
                .isEqualTo(new Stage.Barrier(2, 28));
        assertThat(barrier(first, last, work(/* own= */ true, "gone", null, 0, 2)))
                .as("who is not alive is not idle")
                .isEqualTo(new Stage.Barrier(10, 30));
        assertThat(barrier(first, last, work(/* own= */ true, "b", 1, 1, 4))).isEqualTo(new Stage.Barrier(26, 31));
        assertThat(barrier()).as("nothing was trained").isEqualTo(new Stage.Barrier(0, 0));
    }

    /** A store finds attempts in any order. */
    @Test
    void how_a_stage_ended_does_not_depend_on_the_order_of_its_attempts() {
        List<Stage.Work> work = Stream.of(136_569, 998_473, 301_748)
                .map(micros -> new Stage.Work(
                        /* own= */ true, "a", 1, Searches.NOW, Searches.NOW.plus(micros, ChronoUnit.MICROS)))
                .collect(Collectors.toCollection(ArrayList::new));
        for (int seed = 0; seed < 50; seed++) {
            Collections.shuffle(work, new Random(seed));
            assertThat(Stage.Barrier.of(work, Searches.NOW.plusSeconds(1))).isEqualTo(new Stage.Barrier(0, 1.43679));
        }
    }

    private static Stage.Barrier barrier(Stage.Work... work) {
        return Stage.Barrier.of(List.of(work), Searches.NOW.plusSeconds(20));
    }

    private static Stage.Work work(
            boolean own, String worker, @Nullable Integer slots, int from, @Nullable Integer to) {
        return new Stage.Work(
                own, worker, slots, Searches.NOW.plusSeconds(from), to == null ? null : Searches.NOW.plusSeconds(to));
    }
}
