/** Tests of this package. */
@NullMarked
package pnas.trainer.engine.dl4j;

import org.jspecify.annotations.NullMarked;
