/**
 * State machines as tables: {@link pnas.orchestrator.state.StateTable} checks itself when it is loaded and draws its own diagram. Pure
 * code that knows no framework and no feature; experiments, stages and trials have their tables beside their rows.
 */
@NullMarked
package pnas.orchestrator.state;

import org.jspecify.annotations.NullMarked;
