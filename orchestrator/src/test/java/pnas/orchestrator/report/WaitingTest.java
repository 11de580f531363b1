package pnas.orchestrator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.report.Waiting.Surroundings;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.trainer.Crew;
import pnas.statistics.Tally;

class WaitingTest {
    private static final Instant AT = Instant.parse("2026-03-01T14:05:10.123Z");
    private static final Crew TWO_OF_TWO_SLOTS = new Crew(AT, 2, 4, null);
    private static final StageView TRAINING =
            StageView.of(1, StageState.TRAINING, 136L, TrialKind.tally(Map.of(TrialKind.QUEUED, 136L)), null, null);
    private static final StageView RANKING = StageView.of(2, StageState.RANKING, 31_620L, Tally.NONE, null, null);

    @Test
    void says_that_no_trainer_has_registered() {
        assertThat(running(TRAINING, progress(0, 12), trainers(new Crew(null, 0, 0, null), 0)))
                .isEqualTo("12 trainings wait: no trainer for engine torch has registered");
        assertThat(running(TRAINING, progress(0, 1), trainers(new Crew(null, 0, 0, null), 0)))
                .isEqualTo("1 training waits: no trainer for engine torch has registered");
    }

    @Test
    void says_when_the_last_trainer_was_heard() {
        assertThat(running(TRAINING, progress(0, 12), trainers(new Crew(AT, 0, 0, null), 0)))
                .isEqualTo("12 trainings wait: no trainer for engine torch is alive, the last one was heard at"
                        + " 2026-03-01 14:05:10 UTC");
    }

    @Test
    void says_why_the_trainers_that_are_heard_cannot_train() {
        String cause = "local-torch-1: no job can be taken from the broker: it has another group of this name";
        for (@Nullable String capacity : new @Nullable String[] {null, "1 of 2 trainers is missing"}) {
            assertThat(running(
                            TRAINING,
                            progress(0, 12),
                            new Surroundings(null, null, new Crew(AT, 0, 0, cause), 0, capacity, null, 0, null)))
                    .isEqualTo("12 trainings wait: no trainer for engine torch can train, " + cause);
        }
        assertThat(running(TRAINING, progress(0, 12), trainers(new Crew(AT, 1, 1, cause), 1)))
                .isEqualTo("12 trainings wait: all trainers for engine torch are busy with other experiments");
    }

    @Test
    void says_that_all_trainers_are_busy_elsewhere() {
        assertThat(running(TRAINING, progress(0, 12), trainers(TWO_OF_TWO_SLOTS, 4)))
                .isEqualTo("12 trainings wait: all trainers for engine torch are busy with other experiments");
        assertThat(running(TRAINING, progress(0, 12), trainers(TWO_OF_TWO_SLOTS, 3)))
                .isNull();
    }

    /** They may have begun after it was counted how many trainings wait. */
    @Test
    void no_trainer_is_busy_elsewhere_with_ones_own_trainings() {
        List<Waiting.Trainings> all = List.of(
                new Waiting.Trainings("mine", "torch", 4),
                new Waiting.Trainings("another", "torch", 3),
                new Waiting.Trainings("a third", "vector", 5));
        long others = Waiting.ofOthers(all, "torch", "mine");
        assertThat(others).isEqualTo(3);
        assertThat(running(TRAINING, progress(0, 127), trainers(TWO_OF_TWO_SLOTS, others)))
                .isNull();
    }

    @Test
    void says_why_no_more_trainers_could_be_started() {
        String full = "0 of 4 GPUs are free on matching nodes";
        for (Crew crew : List.of(new Crew(null, 0, 0, null), new Crew(AT, 0, 0, null), new Crew(AT, 2, 2, null))) {
            assertThat(running(TRAINING, progress(0, 3), new Surroundings(null, null, crew, 2, full, null, 0, null)))
                    .isEqualTo("3 trainings wait: 0 of 4 GPUs are free on matching nodes");
        }
        assertThat(running(
                        TRAINING,
                        progress(0, 3),
                        new Surroundings(null, null, TWO_OF_TWO_SLOTS, 2, full, null, 0, null)))
                .as("a trainer is free and takes them presently")
                .isNull();
    }

    @Test
    void says_which_job_nobody_has_taken_though_a_trainer_is_free() {
        Crew free = new Crew(AT, 2, 2, null);
        assertThat(running(TRAINING, progress(0, 1), new Surroundings(null, null, free, 1, null, null, 0, AT)))
                .isEqualTo("1 training waits: nobody has taken the job that was sent at 2026-03-01 14:05:10 UTC; it is"
                        + " sent again once it is known to be lost");
        assertThat(running(TRAINING, progress(0, 1), new Surroundings(null, null, free, 2, null, null, 0, AT)))
                .as("it may stand behind the jobs of others")
                .isEqualTo("1 training waits: all trainers for engine torch are busy with other experiments");
    }

    @Test
    void says_nothing_while_trainings_go_on() {
        assertThat(running(TRAINING, progress(1, 12), trainers(new Crew(AT, 0, 0, null), 1)))
                .isNull();
        assertThat(running(TRAINING, progress(4, 12), trainers(TWO_OF_TWO_SLOTS, 4)))
                .isNull();
        assertThat(running(TRAINING, progress(0, 0), trainers(TWO_OF_TWO_SLOTS, 4)))
                .isNull();
    }

    @Test
    void says_what_a_stage_waits_for() {
        assertThat(running(
                        StageView.of(2, StageState.EXPANDING, null, Tally.NONE, null, null),
                        progress(0, 0),
                        trainers(TWO_OF_TWO_SLOTS, 0)))
                .isEqualTo("the candidates of stage 2 are computed");
        assertThat(running(
                        RANKING, progress(0, 0), new Surroundings(null, null, TWO_OF_TWO_SLOTS, 0, null, AT, 1, null)))
                .isEqualTo("a predictor is to rank the 31,620 candidates of stage 2, asked at 2026-03-01 14:05:10 UTC");
        assertThat(running(
                        RANKING, progress(0, 0), new Surroundings(null, null, TWO_OF_TWO_SLOTS, 0, null, AT, 3, null)))
                .isEqualTo("a predictor is to rank the 31,620 candidates of stage 2, asked for the 3rd time at"
                        + " 2026-03-01 14:05:10 UTC");
        // Its answer was a failure that passes: it is asked again presently.
        assertThat(running(
                        RANKING,
                        progress(0, 0),
                        new Surroundings(null, null, TWO_OF_TWO_SLOTS, 0, null, null, 1, null)))
                .isEqualTo("a predictor is to rank the 31,620 candidates of stage 2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            true  | 0      | -    | a predictor has the 31,620 candidates of stage 2 and ranks others first
            false | 0      | -    | a predictor learns from the measured cells to rank the 31,620 candidates of stage 2
            false | 20480  | 0.2  | a predictor ranks the candidates of stage 2: 20,480 of 31,620 scored, less than 1 s left
            false | 20480  | 12.4 | a predictor ranks the candidates of stage 2: 20,480 of 31,620 scored, about 12 s left
            false | 20480  | 230  | a predictor ranks the candidates of stage 2: 20,480 of 31,620 scored, about 4 min left
            """)
    void says_how_far_a_ranking_is(boolean waits, long scored, @Nullable Double left, String words) {
        StageView stage = RANKING.withRanking(new RankingProgress(AT, waits, scored, left));
        assertThat(running(stage, progress(0, 0), new Surroundings(null, null, TWO_OF_TWO_SLOTS, 0, null, AT, 1, null)))
                .isEqualTo(words);
    }

    @Test
    void says_at_once_that_no_training_has_had_a_result() {
        String none = "every training so far ended without an accuracy; each trial has its cause";

        assertThat(running(
                        TRAINING,
                        progress(Map.of(TrialKind.FAILED, 1L, TrialKind.RUNNING, 2L, TrialKind.QUEUED, 9L)),
                        trainers(TWO_OF_TWO_SLOTS, 2)))
                .isEqualTo(none);
        assertThat(running(
                        TRAINING,
                        progress(Map.of(TrialKind.DIVERGED, 2L, TrialKind.QUEUED, 1L)),
                        trainers(new Crew(null, 0, 0, null), 0)))
                .isEqualTo(none + "; 1 training waits: no trainer for engine torch has registered");
        assertThat(running(
                        TRAINING,
                        progress(Map.of(TrialKind.FAILED, 2L, TrialKind.REUSED, 1L, TrialKind.RUNNING, 1L)),
                        trainers(TWO_OF_TWO_SLOTS, 1)))
                .isNull();
    }

    @Test
    void a_silent_broker_comes_before_everything_else() {
        for (StageView stage : List.of(TRAINING, RANKING)) {
            assertThat(running(
                            stage,
                            progress(1, 12),
                            new Surroundings(null, AT, new Crew(null, 0, 0, null), 0, null, AT, 1, null)))
                    .isEqualTo("the broker has not answered since 2026-03-01 14:05:10 UTC");
        }
    }

    @Test
    void says_what_a_pause_lets_end() {
        assertThat(words(ExperimentState.PAUSED, TRAINING, progress(2, 5), trainers(TWO_OF_TWO_SLOTS, 2)))
                .isEqualTo("paused; 2 trainings still to end");
        assertThat(words(ExperimentState.PAUSED, TRAINING, progress(0, 5), trainers(TWO_OF_TWO_SLOTS, 0)))
                .isEqualTo("paused; resume it to go on");
    }

    @Test
    void says_nothing_of_what_is_over() {
        for (ExperimentState state : ExperimentState.values()) {
            if (state.isTerminal()) {
                assertThat(words(state, TRAINING, progress(0, 12), trainers(new Crew(null, 0, 0, null), 0)))
                        .isNull();
            }
        }
    }

    private static Surroundings trainers(Crew crew, long others) {
        return new Surroundings(null, null, crew, others, null, null, 0, null);
    }

    private static @Nullable String running(StageView stage, Progress progress, Surroundings around) {
        return words(ExperimentState.RUNNING, stage, progress, around);
    }

    private static @Nullable String words(
            ExperimentState state, StageView stage, Progress progress, Surroundings around) {
        return Waiting.of(state, Drafts.preset("demo"), List.of(stage), progress, around);
    }

    private static Progress progress(long running, long queued) {
        return progress(Map.of(TrialKind.RUNNING, running, TrialKind.QUEUED, queued));
    }

    private static Progress progress(Map<TrialKind, Long> counts) {
        return new Progress(152, TrialKind.tally(counts), 2, null);
    }

    @Test
    void a_full_disk_is_told_before_the_broker_that_it_silenced() {
        String full = "the disk of /home is full (3 of 900 MiB are free)";
        assertThat(running(
                        TRAINING, progress(0, 3), new Surroundings(full, AT, TWO_OF_TWO_SLOTS, 0, null, null, 0, null)))
                .isEqualTo(full + "; it goes on once there is room");
    }
}
