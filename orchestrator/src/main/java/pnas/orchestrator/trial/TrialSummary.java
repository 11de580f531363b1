package pnas.orchestrator.trial;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;

/**
 * A trial in a line.
 *
 * @param id {@code {experiment id}-{cell id}}
 * @param cellId 16 hex digits
 * @param cell canonical form
 * @param stage number of blocks; of a repeat the stage that confirms
 * @param repeat under which of other seeds the cell is trained again, from 1; 0 where it is trained for the first time
 * @param rank position in its stage, from 1
 * @param predicted predicted accuracy, absent in stage 1
 * @param counted as what the trial counts: its state, more exactly
 * @param cause why it is in its state, in words, where the state does not say it
 * @param attempt number of the current attempt, from 1
 * @param accuracy validation accuracy, 0 to 1, once it is trained
 * @param parameters trainable parameters of its network
 * @param multiplyAdds multiply-adds of one image
 * @param worker who trains it now or trained it last
 * @param trainingSeconds wall-clock time of the attempt that counts
 * @param replayed whether the accuracy was looked up and nothing was trained
 * @param reusedFrom id of the trial of another experiment that has the result, absent where this one has a result of its own
 * @param setAside whether the search went on with a larger beam that leaves the cell out
 */
public record TrialSummary(
        String id,
        String cellId,
        Cell cell,
        int stage,
        int repeat,
        int rank,
        @Nullable Double predicted,
        TrialState state,
        TrialKind counted,
        @Nullable String cause,
        int attempt,
        @Nullable Double accuracy,
        long parameters,
        long multiplyAdds,
        @Nullable String worker,
        @Nullable Double trainingSeconds,
        boolean replayed,
        @Nullable String reusedFrom,
        boolean setAside,
        Instant queuedAt,
        @Nullable Instant dispatchedAt,
        @Nullable Instant finishedAt) {}
