/** Tests of this package. */
@NullMarked
package pnas.trainer.training;

import org.jspecify.annotations.NullMarked;
