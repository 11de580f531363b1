package pnas.orchestrator.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.report.Progress;
import pnas.orchestrator.report.StageDetail;
import pnas.orchestrator.report.StageView;
import pnas.orchestrator.timing.Estimate;
import pnas.statistics.Tally;

/** The words of pages that decide something: what a number is called, and what it can tell. */
class ExperimentFormatsTest {
    @ParameterizedTest
    @CsvSource({
        "0.002, 0.001, 0.004, less than 1 s, ''",
        "0.9,   0.4,   3.0,   less than 1 s, less than 1 s to 3 s",
        "20,    10,    40,    20 s,          10 s to 40 s",
        "80,    65,    99,    1 min 20 s,    1 min 5 s to 1 min 39 s"
    })
    void no_time_left_is_zero(double seconds, double low, double high, String expected, String range) {
        assertThat(ExperimentFormats.text(new Estimate(seconds, low, high, false)))
                .isEqualTo(expected);
        assertThat(ExperimentFormats.rangeText(new Estimate(seconds, low, high, false)))
                .isEqualTo(range);
        assertThat(ExperimentFormats.rangeText(new Estimate(seconds, low, high, true)))
                .isEqualTo((range.isEmpty() ? "" : range + ", ") + "a guess from multiply-adds");
    }

    @Test
    void a_search_that_ranks_has_its_rankings_left() {
        Estimate replays = new Estimate(0, 0, 0, false);

        assertThat(ExperimentFormats.leftText(new Progress(26, Tally.NONE, 2, replays)))
                .isEqualTo("and 2 rankings, however long they take");
        assertThat(ExperimentFormats.leftText(new Progress(26, Tally.NONE, 1, new Estimate(20, 10, 40, false))))
                .isEqualTo("10 s to 40 s, and 1 ranking, however long it takes");
        assertThat(ExperimentFormats.leftText(new Progress(26, Tally.NONE, 0, replays)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"RANKING, ''", "TRAINING, ''", "DONE, done", "CLOSED, over"})
    void only_a_stage_that_is_done_has_the_colour_of_success(StageState state, String bar) {
        assertThat(new ExperimentFormats.StageOfBar(
                                1, new StageView(1, state, 3L, 3, 0, 3, Tally.NONE, null, null, null, null), true)
                        .bar())
                .isEqualTo(bar);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSED, 0, 8, 0, true",
        "CLOSED, 1, 7, 0, false",
        "CLOSED, 0, 7, 1, false", // cancelled: it was not over
        "CLOSED, 0, 0, 0, false", // not begun
        "DONE, 1, 7, 0, false",
        "TRAINING, 0, 8, 0, false",
    })
    void a_search_is_not_offered_to_go_on_as_it_is_where_a_stage_measured_nothing(
            StageState state, int trained, int failed, int cancelled, boolean needsRetry) {
        Tally counts = new Tally(trained, 0, 0, 0, failed, cancelled, 0, 0, 0);
        StageView stage =
                new StageView(2, state, 3L, counts.trials(), 0, counts.ended(), counts, null, null, null, null);
        assertThat(ExperimentFormats.needsRetry(stage)).isEqualTo(needsRetry);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            0     | -   | -
            20480 | -   | 20,480 of 31,620 scored
            20480 | 230 | 20,480 of 31,620 scored, 3 min 50 s left
            20480 | 0.2 | 20,480 of 31,620 scored, less than 1 s left
            """)
    void says_how_far_a_ranking_is(long scored, @Nullable Double left, @Nullable String text) {
        RankingProgress ranking = new RankingProgress(Instant.EPOCH, false, scored, left);
        StageView stage = new StageView(2, StageState.RANKING, 31_620L, 0, 0, 0, Tally.NONE, null, null, null, ranking);
        assertThat(new ExperimentFormats.StageOfBar(2, stage, false).scoredText())
                .isEqualTo(text);
    }

    @Test
    void what_was_held_out_stands_first_and_what_a_cut_range_cannot_tell_is_said() {
        RankingAnswer.Quality heldOut = new RankingAnswer.Quality(0.71, 0.6, 0.5, 136);
        RankingAnswer.Quality chosen = new RankingAnswer.Quality(-0.3, -0.2, -0.1, 8);

        assertThat(summary(2, StageState.DONE, heldOut, chosen))
                .isEqualTo("Held out in stage 1, over 136 cells: Spearman 0.71, Pearson 0.60, Kendall 0.50."
                        + " Over the 8 cells chosen here: Spearman -0.30, Pearson -0.20, Kendall -0.10."
                        + " They were chosen for their high predictions and differ little, so this is lower than over all"
                        + " candidates and can be negative: it cannot tell how well the predictor chose.");
        assertThat(summary(3, StageState.TRAINING, heldOut, null))
                .isEqualTo(
                        "Held out in stage 2, over 136 cells that were chosen themselves: Spearman 0.71, Pearson 0.60,"
                                + " Kendall 0.50. Its own predictions are judged when the stage is done.");
        assertThat(summary(2, StageState.CLOSED, null, null))
                .isEqualTo("Stage 1 has too few cells to hold some out."
                        + " The stage was not done, so that its own predictions are not judged.");
    }

    @Test
    void a_stage_without_cells_waits_for_a_ranking_only_while_its_search_goes_on() {
        assertThat(stage(2, StageState.RANKING, null, null, List.of()))
                .isEqualTo("The ranking of its candidates is awaited.");
        assertThat(stage(2, StageState.CLOSED, null, null, List.of())).isEqualTo("Its candidates were not ranked.");
    }

    private static String summary(
            int stage,
            StageState state,
            RankingAnswer.@Nullable Quality heldOut,
            RankingAnswer.@Nullable Quality chosen) {
        Cell cell = Cell.parse("sep3x3(c-1)+sep3x3(c-2)");
        return stage(
                stage,
                state,
                heldOut,
                chosen,
                List.of(new StageDetail.Ranked(
                        cell.id().hex(), cell, 1, 0.9, 0.8, TrialState.TRAINED, TrialKind.TRAINED)));
    }

    private static String stage(
            int stage,
            StageState state,
            RankingAnswer.@Nullable Quality heldOut,
            RankingAnswer.@Nullable Quality chosen,
            List<StageDetail.Ranked> cells) {
        return PredictionPanel.of(new StageDetail(
                        stage,
                        state,
                        100L,
                        Tally.NONE,
                        new RankingAnswer.Histogram(0, 1, List.of(1)),
                        new StageDetail.Quality(heldOut, chosen),
                        1.0,
                        null,
                        cells))
                .summary();
    }
}
