/** Tests of the drawings of cells. */
@NullMarked
package pnas.orchestrator.drawing;

import org.jspecify.annotations.NullMarked;
