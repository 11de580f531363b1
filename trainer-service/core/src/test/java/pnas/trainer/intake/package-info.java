/** Tests of this package. */
@NullMarked
package pnas.trainer.intake;

import org.jspecify.annotations.NullMarked;
