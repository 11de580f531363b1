package pnas.orchestrator.experiment;

import static pnas.orchestrator.experiment.StageAction.ADVANCE;
import static pnas.orchestrator.experiment.StageAction.CREATE_TRIALS;
import static pnas.orchestrator.experiment.StageAction.NOTE_REQUEST;
import static pnas.orchestrator.experiment.StageEvent.ANSWER;
import static pnas.orchestrator.experiment.StageEvent.ASK;
import static pnas.orchestrator.experiment.StageEvent.END;
import static pnas.orchestrator.experiment.StageState.DONE;
import static pnas.orchestrator.experiment.StageState.EXPANDING;
import static pnas.orchestrator.experiment.StageState.RANKING;
import static pnas.orchestrator.experiment.StageState.TRAINING;

import pnas.orchestrator.state.StateTable;

/** The life of a stage; the first one begins as TRAINING. */
final class StageTable {
    static final StateTable<StageState, StageEvent, StageAction> TABLE =
            StateTable.<StageState, StageEvent, StageAction>builder()
                    .on(EXPANDING, ASK, RANKING, NOTE_REQUEST)
                    // The answer overtook the note that the request was sent.
                    .on(EXPANDING, ANSWER, TRAINING, CREATE_TRIALS)
                    .on(RANKING, ASK, RANKING, NOTE_REQUEST)
                    .on(RANKING, ANSWER, TRAINING, CREATE_TRIALS)
                    .on(TRAINING, END, DONE, ADVANCE)
                    .build();

    private StageTable() {}
}
