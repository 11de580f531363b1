package pnas.orchestrator.trial;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.orchestrator.life.ResultIdentity;

/**
 * Everything about a trial. In JSON the fields of the summary stand beside the others.
 *
 * @param summary what lists show
 * @param encoding the cell in the order of blocks in which it was scored
 * @param identity what the result depends on, absent until there is a result
 * @param attempts oldest first
 * @param epochs by attempt and epoch
 */
public record TrialDetail(
        @JsonUnwrapped TrialSummary summary,
        Cell encoding,
        @Nullable ResultIdentity identity,
        List<Attempt> attempts,
        List<Epoch> epochs) {
    public TrialDetail {
        attempts = List.copyOf(attempts);
        epochs = List.copyOf(epochs);
    }

    /**
     * One delivery of the trial's job to a trainer.
     *
     * @param number of the attempt, from 1; a redelivered job has the same
     * @param worker who claimed it
     * @param outcome how it ended, absent while it runs
     * @param message what the trainer or the orchestrator said of the end
     * @param halfBatch whether it trained with half the batch
     * @param step optimiser steps done at the last heartbeat
     * @param epoch epochs done at the last heartbeat
     * @param accuracy what it measured, also where that did not count
     * @param seconds wall-clock time, once it ended
     */
    public record Attempt(
            int number,
            String worker,
            @Nullable String outcome,
            @Nullable String message,
            boolean halfBatch,
            Instant claimedAt,
            Instant heardAt,
            @Nullable Instant endedAt,
            long step,
            int epoch,
            @Nullable Double accuracy,
            @Nullable Double seconds) {}

    /** An epoch that an attempt finished, numbered from 1. */
    public record Epoch(int attempt, int epoch, double trainingLoss, double validationAccuracy, double seconds) {}
}
