package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitingTest {
    private static final StageView TRAINING = new StageView(1, StageState.TRAINING, 136, 136, 0, null);

    @Test
    void says_that_no_trainer_is_alive() {
        assertThat(words(ExperimentState.RUNNING, TRAINING, progress(0, 12), 0))
                .isEqualTo("12 trainings wait: no trainer for engine torch is alive");
        assertThat(words(ExperimentState.RUNNING, TRAINING, progress(0, 1), 0))
                .isEqualTo("1 training waits: no trainer for engine torch is alive");
    }

    @Test
    void says_nothing_while_trainings_go_on() {
        assertThat(words(ExperimentState.RUNNING, TRAINING, progress(1, 12), 0)).isNull();
        assertThat(words(ExperimentState.RUNNING, TRAINING, progress(0, 12), 2)).isNull();
    }

    @Test
    void says_what_a_stage_waits_for() {
        assertThat(words(
                        ExperimentState.RUNNING,
                        new StageView(2, StageState.RANKING, 31_620, 0, 0, null),
                        progress(0, 0),
                        2))
                .isEqualTo("a predictor is to rank the 31620 candidates of stage 2");
        assertThat(words(
                        ExperimentState.RUNNING,
                        new StageView(2, StageState.EXPANDING, null, 0, 0, null),
                        progress(0, 0),
                        2))
                .isEqualTo("the candidates of stage 2 are computed");
    }

    @Test
    void says_what_a_pause_lets_end() {
        assertThat(words(ExperimentState.PAUSED, TRAINING, progress(2, 5), 2))
                .isEqualTo("paused; 2 trainings still to end");
        assertThat(words(ExperimentState.PAUSED, TRAINING, progress(0, 5), 2)).isEqualTo("paused; resume it to go on");
    }

    private static @Nullable String words(ExperimentState state, StageView stage, Progress progress, long liveSlots) {
        return Waiting.of(state, Drafts.preset("demo"), List.of(stage), progress, liveSlots);
    }

    private static Progress progress(long running, long queued) {
        return new Progress(0, 152, running, queued, 0, 0, null);
    }
}
