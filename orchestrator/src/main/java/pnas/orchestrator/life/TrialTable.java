package pnas.orchestrator.life;

import static pnas.orchestrator.life.TrialAction.END;
import static pnas.orchestrator.life.TrialAction.GRANT_LEASE;
import static pnas.orchestrator.life.TrialAction.KEEP_LEASE;
import static pnas.orchestrator.life.TrialAction.NOTE_DISPATCH;
import static pnas.orchestrator.life.TrialAction.QUEUE_NEXT_ATTEMPT;
import static pnas.orchestrator.life.TrialAction.QUEUE_SAME_ATTEMPT;
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

import pnas.orchestrator.state.StateTable;

/** The life of a trial. */
public final class TrialTable {
    public static final StateTable<TrialState, TrialEvent, TrialAction> TABLE =
            StateTable.<TrialState, TrialEvent, TrialAction>builder()
                    .on(QUEUED, DISPATCH, DISPATCHED, NOTE_DISPATCH)
                    // The claim overtook the note of the dispatch, or the note was lost.
                    .on(QUEUED, CLAIM, RUNNING, GRANT_LEASE)
                    .on(QUEUED, REFUSE, QUEUED, QUEUE_NEXT_ATTEMPT)
                    .on(QUEUED, TRAIN, TRAINED, END)
                    .on(QUEUED, DIVERGE, DIVERGED, END)
                    .on(QUEUED, CANCEL, CANCELLED, END)
                    .on(DISPATCHED, CLAIM, RUNNING, GRANT_LEASE)
                    .on(DISPATCHED, REFUSE, QUEUED, QUEUE_NEXT_ATTEMPT)
                    .on(DISPATCHED, LOSE, QUEUED, QUEUE_SAME_ATTEMPT)
                    .on(DISPATCHED, TRAIN, TRAINED, END)
                    .on(DISPATCHED, DIVERGE, DIVERGED, END)
                    .on(DISPATCHED, CANCEL, CANCELLED, END)
                    // The job was delivered again: its first holder died before it accepted the record.
                    .on(RUNNING, CLAIM, RUNNING, GRANT_LEASE)
                    // It was delivered again where no more may be granted: its first holder, if it lives, goes on.
                    .on(RUNNING, REFUSE, RUNNING, KEEP_LEASE)
                    .on(RUNNING, RETRY, QUEUED, QUEUE_NEXT_ATTEMPT)
                    .on(RUNNING, FAIL, FAILED, END)
                    .on(RUNNING, TRAIN, TRAINED, END)
                    .on(RUNNING, DIVERGE, DIVERGED, END)
                    .on(RUNNING, CANCEL, CANCELLED, END)
                    .reopen(CANCELLED, REOPEN, QUEUED, QUEUE_NEXT_ATTEMPT)
                    .reopen(FAILED, TRY_AGAIN, QUEUED, QUEUE_NEXT_ATTEMPT)
                    .build();

    private TrialTable() {}
}
