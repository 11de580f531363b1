/** The engine in Java compared with libtorch. */
@NullMarked
package pnas.trainer.engine.vector;

import org.jspecify.annotations.NullMarked;
