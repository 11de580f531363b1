/** Tests of this part of the core. */
@NullMarked
package pnas.orchestrator.life.dispatch;

import org.jspecify.annotations.NullMarked;
