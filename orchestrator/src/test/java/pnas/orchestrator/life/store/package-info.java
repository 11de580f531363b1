/** Tests of this part of the core. */
@NullMarked
package pnas.orchestrator.life.store;

import org.jspecify.annotations.NullMarked;
