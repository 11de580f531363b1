/** What the orchestrator talks to: a trainer and a predictor that do what a test tells them, with real messages over a real broker. */
@NullMarked
package pnas.orchestrator.peer;

import org.jspecify.annotations.NullMarked;
