/** Tests of this package. */
@NullMarked
package pnas.trainer.engine.torch;

import org.jspecify.annotations.NullMarked;
