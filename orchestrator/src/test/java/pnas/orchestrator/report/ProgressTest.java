package pnas.orchestrator.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.specification.Drafts;
import pnas.orchestrator.specification.Specification;

class ProgressTest {
    /** 136 trials in stage 1, 8 each in stages 2 and 3, and at most 18 that confirm the winner. */
    private static final Specification DEMO = Drafts.preset("demo");

    @ParameterizedTest
    @CsvSource({
        // experiment, stage 2,  trials in it, planned, rankings
        "RUNNING,   ,          0, 170, 2",
        "RUNNING,   EXPANDING, 0, 170, 2",
        "RUNNING,   RANKING,   0, 170, 2",
        "RUNNING,   TRAINING,  5, 167, 1",
        "PAUSED,    RANKING,   0, 170, 2",
        "STOPPED,   CLOSED,    5, 167, 0",
        "CANCELLED, CLOSED,    0, 170, 0",
        "STOPPED,   ,          0, 170, 0"
    })
    void counts_stages_as_they_are_or_as_they_were_planned(
            ExperimentState state, StageState second, long trials, long planned, int rankings) {
        StageView first =
                StageView.of(1, StageState.DONE, 136L, TrialKind.tally(Map.of(TrialKind.TRAINED, 136L)), 0.9, null);
        List<StageView> stages = second == null
                ? List.of(first)
                : List.of(
                        first,
                        StageView.of(
                                2, second, null, TrialKind.tally(Map.of(TrialKind.CANCELLED, trials)), null, null));

        Progress progress = Progress.of(state, DEMO, stages, null);

        assertThat(progress.planned()).isEqualTo(planned);
        assertThat(progress.rankings()).isEqualTo(rankings);
        assertThat(progress.counts())
                .isEqualTo(TrialKind.tally(Map.of(TrialKind.TRAINED, 136L, TrialKind.CANCELLED, trials)));
    }

    @Test
    void a_stage_counts_what_is_set_aside_neither_as_its_trials_nor_as_planned() {
        StageView widened = StageView.of(
                2,
                StageState.TRAINING,
                900L,
                TrialKind.tally(Map.of(TrialKind.TRAINED, 6L, TrialKind.SET_ASIDE, 4L)),
                0.9,
                null);

        assertThat(widened.trials()).isEqualTo(6);
        assertThat(widened.terminal()).isEqualTo(6);
        assertThat(Progress.of(ExperimentState.RUNNING, DEMO, List.of(widened), null)
                        .planned())
                .isEqualTo(136 + 6 + 8 + 18);
    }

    @ParameterizedTest
    @CsvSource({"TRAINING, 8, 0, 162", "TRAINING, 20, 12, 162", "CONFIRMING, 23, 15, 159", "DONE, 23, 15, 159"})
    void trainings_under_other_seeds_are_planned_until_it_is_known_how_many_there_are(
            StageState state, long trials, long repeats, long planned) {
        StageView last = StageView.of(3, state, 900L, TrialKind.tally(Map.of(TrialKind.TRAINED, trials)), 0.9, null)
                .withRepeats(repeats);

        assertThat(Progress.of(ExperimentState.RUNNING, DEMO, List.of(last), null)
                        .planned())
                .isEqualTo(planned + 8);
    }

    @Test
    void chance_needs_no_ranking() {
        Specification random = Drafts.specification("{'preset':'demo','strategy':'random'}");

        assertThat(Progress.of(ExperimentState.RUNNING, random, List.of(), null).rankings())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"TRAINED, 0.25", "REPLAYED, ", "REUSED, ", "FAILED, "})
    void slots_stood_idle_only_where_something_was_trained(TrialKind kind, @Nullable Double share) {
        Idleness idle = Idleness.of(TrialKind.tally(Map.of(kind, 8L)), 3.0, 9.0);

        assertThat(idle == null ? null : idle.share()).isEqualTo(share);
    }
}
