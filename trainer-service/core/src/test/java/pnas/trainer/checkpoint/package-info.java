/** Tests of this package. */
@NullMarked
package pnas.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
