/**
 * The rows of trials, their attempts and their leases. {@link pnas.orchestrator.trial.Trials} answers questions about them. Progress of trainers, expired leases and
 * cancellations change them, always under the row lock of their experiment and as {@link pnas.orchestrator.life.TrialLife} decides. What trials
 * need of their experiments they ask through a port of this package, so that experiments depend on trials and never the other way.
 */
@NullMarked
@Tables(
        owns = {"trial", "attempt", "epoch"},
        reads = {"experiment", "stage", "trainer"})
package pnas.orchestrator.trial;

import org.jspecify.annotations.NullMarked;
import pnas.orchestrator.Tables;
