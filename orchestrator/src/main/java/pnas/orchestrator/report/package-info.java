/**
 * What is shown of experiments: what they are, how far they are, what they wait for, how long they will go on. {@link pnas.orchestrator.report.Reports}
 * is the entry; each of its reports asks for what it shows and changes nothing. Commands answer with an {@link
 * pnas.orchestrator.experiment.ExperimentHead} instead.
 */
@NullMarked
@Tables(reads = {"experiment", "stage"})
package pnas.orchestrator.report;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
