/** Tests of the capacity. */
@NullMarked
package pnas.orchestrator.capacity;

import org.jspecify.annotations.NullMarked;
