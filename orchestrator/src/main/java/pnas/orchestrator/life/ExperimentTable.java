package pnas.orchestrator.life;

import static pnas.orchestrator.life.ExperimentAction.CANCEL_TRIALS;
import static pnas.orchestrator.life.ExperimentAction.END;
import static pnas.orchestrator.life.ExperimentAction.GO_ON;
import static pnas.orchestrator.life.ExperimentAction.HOLD;
import static pnas.orchestrator.life.ExperimentAction.REOPEN;
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

import pnas.orchestrator.state.StateTable;

/** The life of an experiment. */
final class ExperimentTable {
    static final StateTable<ExperimentState, ExperimentEvent, ExperimentAction> TABLE =
            StateTable.<ExperimentState, ExperimentEvent, ExperimentAction>builder()
                    .on(RUNNING, PAUSE, PAUSED, HOLD)
                    .on(RUNNING, RETRY, RUNNING, REOPEN)
                    .on(RUNNING, CANCEL, CANCELLED, CANCEL_TRIALS)
                    .on(RUNNING, COMPLETE, COMPLETED, END)
                    .on(RUNNING, SPEND, STOPPED, CANCEL_TRIALS)
                    .on(RUNNING, FAIL, FAILED, CANCEL_TRIALS)
                    .on(PAUSED, RESUME, RUNNING, GO_ON)
                    .on(PAUSED, RETRY, PAUSED, REOPEN)
                    .on(PAUSED, CANCEL, CANCELLED, CANCEL_TRIALS)
                    // What ran when it was paused may have been the last of the search.
                    .on(PAUSED, COMPLETE, COMPLETED, END)
                    .on(PAUSED, FAIL, FAILED, CANCEL_TRIALS)
                    .reopen(COMPLETED, EXTEND, RUNNING, REOPEN)
                    .reopen(COMPLETED, RETRY, RUNNING, REOPEN)
                    .reopen(STOPPED, EXTEND, RUNNING, REOPEN)
                    .reopen(FAILED, RESUME, RUNNING, REOPEN)
                    .reopen(FAILED, RETRY, RUNNING, REOPEN)
                    .reopen(FAILED, EXTEND, RUNNING, REOPEN)
                    .build();

    private ExperimentTable() {}
}
