package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.life.ExperimentEvent.CANCEL;
import static pnas.orchestrator.life.ExperimentEvent.COMPLETE;
import static pnas.orchestrator.life.ExperimentEvent.EXTEND;
import static pnas.orchestrator.life.ExperimentEvent.FAIL;
import static pnas.orchestrator.life.ExperimentEvent.PAUSE;
import static pnas.orchestrator.life.ExperimentEvent.RESUME;
import static pnas.orchestrator.life.ExperimentEvent.RETRY;
import static pnas.orchestrator.life.ExperimentEvent.SPEND;
import static pnas.orchestrator.life.ExperimentState.CANCELLED;
import static pnas.orchestrator.life.ExperimentState.COMPLETED;
import static pnas.orchestrator.life.ExperimentState.FAILED;
import static pnas.orchestrator.life.ExperimentState.PAUSED;
import static pnas.orchestrator.life.ExperimentState.RUNNING;
import static pnas.orchestrator.life.ExperimentState.STOPPED;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.state.GeneratedPage;
import pnas.orchestrator.state.Walk;

class ExperimentTableTest {
    private static final Walk<ExperimentState, ExperimentEvent, ExperimentAction> WALK =
            new Walk<>(ExperimentTable.TABLE);

    @AfterAll
    static void every_transition_was_visited() {
        WALK.assertThatAllWereVisited();
    }

    @Test
    void an_experiment_runs_to_its_end() {
        assertThat(WALK.from(RUNNING, COMPLETE)).isEqualTo(COMPLETED);
        assertThat(WALK.from(RUNNING, FAIL)).isEqualTo(FAILED);
        assertThat(WALK.from(RUNNING, CANCEL)).isEqualTo(CANCELLED);
    }

    @Test
    void a_paused_one_goes_on_where_it_was() {
        assertThat(WALK.from(RUNNING, PAUSE, RESUME)).isEqualTo(RUNNING);
    }

    @Test
    void what_still_ran_may_end_a_paused_one() {
        assertThat(WALK.from(PAUSED, COMPLETE)).isEqualTo(COMPLETED);
        assertThat(WALK.from(PAUSED, FAIL)).isEqualTo(FAILED);
        assertThat(WALK.from(PAUSED, CANCEL)).isEqualTo(CANCELLED);
    }

    @Test
    void what_used_up_its_budget_and_what_has_a_result_may_be_extended() {
        assertThat(WALK.from(RUNNING, SPEND)).isEqualTo(STOPPED);
        assertThat(WALK.from(STOPPED, EXTEND)).isEqualTo(RUNNING);
        assertThat(WALK.from(COMPLETED, EXTEND)).isEqualTo(RUNNING);
    }

    @Test
    void what_failed_is_tried_again_wherever_there_is_something_to_try_with() {
        assertThat(WALK.from(RUNNING, RETRY)).isEqualTo(RUNNING);
        assertThat(WALK.from(PAUSED, RETRY)).isEqualTo(PAUSED);
        assertThat(WALK.from(COMPLETED, RETRY)).isEqualTo(RUNNING);
        assertThat(WALK.from(FAILED, RETRY)).isEqualTo(RUNNING);
        assertThat(ExperimentTable.TABLE.find(STOPPED, RETRY))
                .as("extend it first")
                .isEmpty();
        assertThat(ExperimentTable.TABLE.find(CANCELLED, RETRY)).isEmpty();
    }

    @Test
    void a_failure_is_not_the_end() {
        assertThat(WALK.from(FAILED, RESUME)).isEqualTo(RUNNING);
        assertThat(WALK.from(FAILED, EXTEND)).isEqualTo(RUNNING);
    }

    @Test
    void the_page_of_states_shows_the_table() throws IOException {
        GeneratedPage.assertThatItSays(
                "experiment-states.md",
                ExperimentTable.TABLE.markdown(
                        "an experiment", ExperimentState.class, RUNNING, ExperimentEvent::meaning));
    }
}
