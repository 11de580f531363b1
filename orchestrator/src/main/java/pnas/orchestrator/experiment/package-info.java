/**
 * Experiments and their stages: what is searched, and how far the search is. {@link pnas.orchestrator.experiment.Experiments} is the entry;
 * a {@link pnas.orchestrator.specification.SpecificationDraft} as somebody wrote it becomes a {@link
 * pnas.orchestrator.specification.Specification} in which nothing is left out and nothing is wrong.
 */
@NullMarked
@Tables(owns = {"experiment", "stage", "creation_key", "data_set"})
package pnas.orchestrator.experiment;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
