package pnas.orchestrator.report;

import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.specification.Specification;

/**
 * What an experiment searches.
 *
 * @param failed trials of it that failed
 */
public record Outline(ExperimentHead head, Specification specification, long failed) {}
