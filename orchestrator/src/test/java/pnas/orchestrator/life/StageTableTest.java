package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.life.StageEvent.ANSWER;
import static pnas.orchestrator.life.StageEvent.ASK;
import static pnas.orchestrator.life.StageEvent.CHOOSE_ANEW;
import static pnas.orchestrator.life.StageEvent.CLOSE;
import static pnas.orchestrator.life.StageEvent.CONFIRM;
import static pnas.orchestrator.life.StageEvent.DRAW;
import static pnas.orchestrator.life.StageEvent.END;
import static pnas.orchestrator.life.StageEvent.REOPEN;
import static pnas.orchestrator.life.StageState.CLOSED;
import static pnas.orchestrator.life.StageState.CONFIRMING;
import static pnas.orchestrator.life.StageState.DONE;
import static pnas.orchestrator.life.StageState.EXPANDING;
import static pnas.orchestrator.life.StageState.RANKING;
import static pnas.orchestrator.life.StageState.TRAINING;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.state.GeneratedPage;
import pnas.orchestrator.state.Walk;

class StageTableTest {
    private static final Walk<StageState, StageEvent, StageAction> WALK = new Walk<>(StageTable.TABLE);

    @AfterAll
    static void every_transition_was_visited() {
        WALK.assertThatAllWereVisited();
    }

    @Test
    void a_stage_is_ranked_and_trained() {
        assertThat(WALK.from(EXPANDING, ASK, ANSWER, END)).isEqualTo(DONE);
    }

    @Test
    void a_request_may_be_sent_again() {
        assertThat(WALK.from(RANKING, ASK)).isEqualTo(RANKING);
    }

    @Test
    void an_answer_may_overtake_the_note_of_its_request() {
        assertThat(WALK.from(EXPANDING, ANSWER)).isEqualTo(TRAINING);
    }

    @Test
    void chance_needs_no_ranking() {
        assertThat(WALK.from(EXPANDING, DRAW, END)).isEqualTo(DONE);
    }

    @Test
    void a_stage_that_is_to_have_more_cells_chooses_anew() {
        assertThat(WALK.from(EXPANDING, CHOOSE_ANEW)).isEqualTo(EXPANDING);
        assertThat(WALK.from(RANKING, CHOOSE_ANEW)).isEqualTo(EXPANDING);
        assertThat(WALK.from(TRAINING, CHOOSE_ANEW)).isEqualTo(EXPANDING);
        assertThat(WALK.from(DONE, CHOOSE_ANEW)).isEqualTo(EXPANDING);
    }

    @Test
    void a_stage_is_closed_wherever_its_experiment_ended() {
        assertThat(WALK.from(EXPANDING, CLOSE)).isEqualTo(CLOSED);
        assertThat(WALK.from(RANKING, CLOSE)).isEqualTo(CLOSED);
        assertThat(WALK.from(TRAINING, CLOSE)).isEqualTo(CLOSED);
        assertThat(StageTable.TABLE.find(DONE, CLOSE)).isEmpty();
    }

    @Test
    void a_stage_goes_on_with_its_experiment_or_with_what_is_tried_again() {
        assertThat(WALK.from(DONE, REOPEN)).isEqualTo(TRAINING);
        assertThat(WALK.from(CLOSED, REOPEN)).isEqualTo(TRAINING);
        assertThat(WALK.from(CLOSED, CHOOSE_ANEW)).isEqualTo(EXPANDING);
    }

    @Test
    void a_stage_may_confirm_its_winners_before_it_is_done() {
        assertThat(WALK.from(TRAINING, CONFIRM, END)).isEqualTo(DONE);
        assertThat(WALK.from(CONFIRMING, CLOSE)).isEqualTo(CLOSED);
        assertThat(WALK.from(CONFIRMING, CHOOSE_ANEW)).isEqualTo(EXPANDING);
        assertThat(WALK.from(CONFIRMING, REOPEN, CONFIRM)).isEqualTo(CONFIRMING);
    }

    @Test
    void a_second_answer_changes_nothing() {
        assertThat(StageTable.TABLE.find(TRAINING, ANSWER)).isEmpty();
        assertThat(StageTable.TABLE.find(TRAINING, ASK)).isEmpty();
    }

    @Test
    void the_page_of_states_shows_the_table() throws IOException {
        GeneratedPage.assertThatItSays(
                "stage-states.md",
                StageTable.TABLE.markdown("a stage", StageState.class, EXPANDING, StageEvent::meaning));
    }
}
