package pnas.orchestrator.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.trial.ConfirmedCell;
import pnas.orchestrator.trial.TrialSummary;

/**
 * An experiment in a line; the components are those of {@link ExperimentView}.
 *
 * @param confirms whether it confirms its winner under other seeds
 * @param confirmed the confirmed best, absent where nothing is confirmed
 */
public record ExperimentSummary(
        String id,
        String name,
        ExperimentState state,
        @Nullable String cause,
        @Nullable String waiting,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant finishedAt,
        boolean replayed,
        int weight,
        int priority,
        Progress progress,
        @Nullable TrialSummary best,
        @Nullable TrialSummary bestOverall,
        boolean confirms,
        @Nullable ConfirmedCell confirmed,
        String url) {}
