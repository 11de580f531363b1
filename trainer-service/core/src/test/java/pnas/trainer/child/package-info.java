/** Tests of this package. */
@NullMarked
package pnas.trainer.child;

import org.jspecify.annotations.NullMarked;
