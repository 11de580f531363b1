package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.life.TrialEvent.CANCEL;
import static pnas.orchestrator.life.TrialEvent.CLAIM;
import static pnas.orchestrator.life.TrialEvent.DISPATCH;
import static pnas.orchestrator.life.TrialEvent.DIVERGE;
import static pnas.orchestrator.life.TrialEvent.FAIL;
import static pnas.orchestrator.life.TrialEvent.LOSE;
import static pnas.orchestrator.life.TrialEvent.REFUSE;
import static pnas.orchestrator.life.TrialEvent.REOPEN;
import static pnas.orchestrator.life.TrialEvent.RETRY;
import static pnas.orchestrator.life.TrialEvent.TRAIN;
import static pnas.orchestrator.life.TrialEvent.TRY_AGAIN;
import static pnas.orchestrator.life.TrialState.CANCELLED;
import static pnas.orchestrator.life.TrialState.DISPATCHED;
import static pnas.orchestrator.life.TrialState.DIVERGED;
import static pnas.orchestrator.life.TrialState.FAILED;
import static pnas.orchestrator.life.TrialState.QUEUED;
import static pnas.orchestrator.life.TrialState.RUNNING;
import static pnas.orchestrator.life.TrialState.TRAINED;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.state.GeneratedPage;
import pnas.orchestrator.state.Walk;

class TrialTableTest {
    private static final Walk<TrialState, TrialEvent, TrialAction> WALK = new Walk<>(TrialTable.TABLE);

    @AfterAll
    static void every_transition_was_visited() {
        WALK.assertThatAllWereVisited();
    }

    @Test
    void a_trial_is_sent_claimed_and_trained() {
        assertThat(WALK.from(QUEUED, DISPATCH, CLAIM, TRAIN)).isEqualTo(TRAINED);
        assertThat(WALK.from(QUEUED, DISPATCH, CLAIM, DIVERGE)).isEqualTo(DIVERGED);
    }

    @Test
    void a_claim_may_overtake_the_note_of_the_dispatch() {
        assertThat(WALK.from(QUEUED, CLAIM)).isEqualTo(RUNNING);
    }

    @Test
    void the_claim_of_a_redelivered_job_takes_the_lease() {
        assertThat(WALK.from(RUNNING, CLAIM)).isEqualTo(RUNNING);
    }

    @Test
    void a_setback_queues_it_again_until_one_is_final() {
        assertThat(WALK.from(RUNNING, RETRY)).isEqualTo(QUEUED);
        assertThat(WALK.from(RUNNING, FAIL)).isEqualTo(FAILED);
    }

    @Test
    void a_lost_job_and_one_claimed_during_a_pause_wait_again() {
        assertThat(WALK.from(DISPATCHED, LOSE)).isEqualTo(QUEUED);
        assertThat(WALK.from(DISPATCHED, REFUSE)).isEqualTo(QUEUED);
        assertThat(WALK.from(QUEUED, REFUSE)).isEqualTo(QUEUED);
        assertThat(WALK.from(RUNNING, REFUSE)).isEqualTo(RUNNING);
    }

    @Test
    void a_result_counts_in_every_open_state() {
        assertThat(WALK.from(QUEUED, TRAIN)).isEqualTo(TRAINED);
        assertThat(WALK.from(DISPATCHED, TRAIN)).isEqualTo(TRAINED);
        assertThat(WALK.from(QUEUED, DIVERGE)).isEqualTo(DIVERGED);
        assertThat(WALK.from(DISPATCHED, DIVERGE)).isEqualTo(DIVERGED);
    }

    @Test
    void every_open_trial_can_be_cancelled() {
        assertThat(WALK.from(QUEUED, CANCEL)).isEqualTo(CANCELLED);
        assertThat(WALK.from(DISPATCHED, CANCEL)).isEqualTo(CANCELLED);
        assertThat(WALK.from(RUNNING, CANCEL)).isEqualTo(CANCELLED);
    }

    @Test
    void a_cancelled_trial_waits_again_when_its_experiment_goes_on() {
        assertThat(WALK.from(CANCELLED, REOPEN)).isEqualTo(QUEUED);
    }

    @Test
    void a_failed_trial_may_be_tried_again() {
        assertThat(WALK.from(FAILED, TRY_AGAIN)).isEqualTo(QUEUED);
    }

    @Test
    void only_a_running_trial_can_expire() {
        assertThat(TrialTable.TABLE.find(QUEUED, RETRY)).isEmpty();
        assertThat(TrialTable.TABLE.find(DISPATCHED, RETRY)).isEmpty();
    }

    @Test
    void the_page_of_states_shows_the_table() throws IOException {
        GeneratedPage.assertThatItSays(
                "trial-states.md", TrialTable.TABLE.markdown("a trial", TrialState.class, QUEUED, TrialEvent::meaning));
    }
}
