/** Tests of this package. */
@NullMarked
package pnas.trainer.tensor;

import org.jspecify.annotations.NullMarked;
