package pnas.orchestrator.experiment;

import static pnas.orchestrator.experiment.StageAction.ADVANCE;
import static pnas.orchestrator.experiment.StageAction.CHOOSE_ANEW;
import static pnas.orchestrator.experiment.StageAction.CREATE_TRIALS;
import static pnas.orchestrator.experiment.StageAction.GO_ON;
import static pnas.orchestrator.experiment.StageAction.NOTE_REQUEST;
import static pnas.orchestrator.experiment.StageAction.REST;
import static pnas.orchestrator.experiment.StageEvent.ANSWER;
import static pnas.orchestrator.experiment.StageEvent.ASK;
import static pnas.orchestrator.experiment.StageEvent.CLOSE;
import static pnas.orchestrator.experiment.StageEvent.DRAW;
import static pnas.orchestrator.experiment.StageEvent.END;
import static pnas.orchestrator.experiment.StageEvent.REOPEN;
import static pnas.orchestrator.experiment.StageEvent.WIDEN;
import static pnas.orchestrator.experiment.StageState.CLOSED;
import static pnas.orchestrator.experiment.StageState.DONE;
import static pnas.orchestrator.experiment.StageState.EXPANDING;
import static pnas.orchestrator.experiment.StageState.RANKING;
import static pnas.orchestrator.experiment.StageState.TRAINING;

import pnas.orchestrator.state.StateTable;

/** The life of a stage; the one with all cells of one block begins as TRAINING. */
final class StageTable {
    static final StateTable<StageState, StageEvent, StageAction> TABLE =
            StateTable.<StageState, StageEvent, StageAction>builder()
                    .on(EXPANDING, ASK, RANKING, NOTE_REQUEST)
                    // The answer overtook the note that the request was sent.
                    .on(EXPANDING, ANSWER, TRAINING, CREATE_TRIALS)
                    .on(EXPANDING, DRAW, TRAINING, CREATE_TRIALS)
                    .on(RANKING, ASK, RANKING, NOTE_REQUEST)
                    .on(RANKING, ANSWER, TRAINING, CREATE_TRIALS)
                    .on(RANKING, WIDEN, EXPANDING, CHOOSE_ANEW)
                    .on(TRAINING, END, DONE, ADVANCE)
                    .on(TRAINING, WIDEN, EXPANDING, CHOOSE_ANEW)
                    .on(EXPANDING, CLOSE, CLOSED, REST)
                    .on(RANKING, CLOSE, CLOSED, REST)
                    .on(TRAINING, CLOSE, CLOSED, REST)
                    .reopen(DONE, WIDEN, EXPANDING, CHOOSE_ANEW)
                    .reopen(CLOSED, WIDEN, EXPANDING, CHOOSE_ANEW)
                    .reopen(CLOSED, REOPEN, TRAINING, GO_ON)
                    .build();

    private StageTable() {}
}
