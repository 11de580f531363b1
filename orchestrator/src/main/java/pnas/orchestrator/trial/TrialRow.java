package pnas.orchestrator.trial;

import org.jspecify.annotations.Nullable;

/**
 * A trial as a line of an export.
 *
 * @param device the kind of device that the result comes from, absent without a result
 */
public record TrialRow(TrialSummary trial, @Nullable String device) {}
