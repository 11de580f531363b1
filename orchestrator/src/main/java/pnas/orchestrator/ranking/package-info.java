/**
 * The step from one stage to the next: expands the measured cells, asks a predictor to rank the candidates, and turns the answer into the trials of the
 * stage. Nothing here is called by other features; it is woken by commits and by messages.
 */
@NullMarked
package pnas.orchestrator.ranking;

import org.jspecify.annotations.NullMarked;
