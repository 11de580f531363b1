package pnas.orchestrator.experiment;

import static pnas.orchestrator.experiment.ExperimentAction.CANCEL_TRIALS;
import static pnas.orchestrator.experiment.ExperimentAction.END;
import static pnas.orchestrator.experiment.ExperimentAction.GO_ON;
import static pnas.orchestrator.experiment.ExperimentAction.HOLD;
import static pnas.orchestrator.experiment.ExperimentAction.REOPEN;
import static pnas.orchestrator.experiment.ExperimentEvent.CANCEL;
import static pnas.orchestrator.experiment.ExperimentEvent.COMPLETE;
import static pnas.orchestrator.experiment.ExperimentEvent.EXTEND;
import static pnas.orchestrator.experiment.ExperimentEvent.FAIL;
import static pnas.orchestrator.experiment.ExperimentEvent.PAUSE;
import static pnas.orchestrator.experiment.ExperimentEvent.RESUME;
import static pnas.orchestrator.experiment.ExperimentEvent.SPEND;
import static pnas.orchestrator.experiment.ExperimentState.CANCELLED;
import static pnas.orchestrator.experiment.ExperimentState.COMPLETED;
import static pnas.orchestrator.experiment.ExperimentState.FAILED;
import static pnas.orchestrator.experiment.ExperimentState.PAUSED;
import static pnas.orchestrator.experiment.ExperimentState.RUNNING;
import static pnas.orchestrator.experiment.ExperimentState.STOPPED;

import pnas.orchestrator.state.StateTable;

/** The life of an experiment. */
final class ExperimentTable {
    static final StateTable<ExperimentState, ExperimentEvent, ExperimentAction> TABLE =
            StateTable.<ExperimentState, ExperimentEvent, ExperimentAction>builder()
                    .on(RUNNING, PAUSE, PAUSED, HOLD)
                    .on(RUNNING, CANCEL, CANCELLED, CANCEL_TRIALS)
                    .on(RUNNING, COMPLETE, COMPLETED, END)
                    .on(RUNNING, SPEND, STOPPED, CANCEL_TRIALS)
                    .on(RUNNING, FAIL, FAILED, CANCEL_TRIALS)
                    .on(PAUSED, RESUME, RUNNING, GO_ON)
                    .on(PAUSED, CANCEL, CANCELLED, CANCEL_TRIALS)
                    // What ran when it was paused may have been the last of the search.
                    .on(PAUSED, COMPLETE, COMPLETED, END)
                    .on(PAUSED, FAIL, FAILED, CANCEL_TRIALS)
                    .reopen(COMPLETED, EXTEND, RUNNING, REOPEN)
                    .reopen(STOPPED, EXTEND, RUNNING, REOPEN)
                    .build();

    private ExperimentTable() {}
}
