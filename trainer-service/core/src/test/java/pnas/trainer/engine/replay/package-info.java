/** Tests of this package. */
@NullMarked
package pnas.trainer.engine.replay;

import org.jspecify.annotations.NullMarked;
