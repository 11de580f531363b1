/** Tests of this package. */
@NullMarked
package pnas.trainer.dataset;

import org.jspecify.annotations.NullMarked;
