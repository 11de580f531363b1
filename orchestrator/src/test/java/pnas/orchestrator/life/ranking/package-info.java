/** Tests of this part of the core. */
@NullMarked
package pnas.orchestrator.life.ranking;

import org.jspecify.annotations.NullMarked;
