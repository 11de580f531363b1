package pnas.orchestrator.life;

import static pnas.orchestrator.life.StageAction.ADVANCE;
import static pnas.orchestrator.life.StageAction.CREATE_REPEATS;
import static pnas.orchestrator.life.StageAction.CREATE_TRIALS;
import static pnas.orchestrator.life.StageAction.GO_ON;
import static pnas.orchestrator.life.StageAction.NOTE_REQUEST;
import static pnas.orchestrator.life.StageAction.REST;
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
                    // Somebody may work at a request of which the stage before it measures more.
                    .on(EXPANDING, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .on(RANKING, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .on(TRAINING, END, DONE, ADVANCE)
                    .on(TRAINING, CONFIRM, CONFIRMING, CREATE_REPEATS)
                    .on(CONFIRMING, END, DONE, ADVANCE)
                    .on(CONFIRMING, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .on(CONFIRMING, CLOSE, CLOSED, REST)
                    // What failed is tried again, after which other cells may be the best.
                    .on(CONFIRMING, REOPEN, TRAINING, GO_ON)
                    .on(TRAINING, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .on(EXPANDING, CLOSE, CLOSED, REST)
                    .on(RANKING, CLOSE, CLOSED, REST)
                    .on(TRAINING, CLOSE, CLOSED, REST)
                    .reopen(DONE, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .reopen(CLOSED, CHOOSE_ANEW, EXPANDING, StageAction.CHOOSE_ANEW)
                    .reopen(DONE, REOPEN, TRAINING, GO_ON)
                    .reopen(CLOSED, REOPEN, TRAINING, GO_ON)
                    .build();

    private StageTable() {}
}
