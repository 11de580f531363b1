/** Tests of this package. */
@NullMarked
package pnas.trainer.random;

import org.jspecify.annotations.NullMarked;
