/** Tests of the engine {@code vector}. */
@NullMarked
package pnas.trainer.engine.vector;

import org.jspecify.annotations.NullMarked;
