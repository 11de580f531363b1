/** What comparisons ask of libtorch. */
@NullMarked
package pnas.trainer.engine.torch;

import org.jspecify.annotations.NullMarked;
