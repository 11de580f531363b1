/** What every engine is to do, as tests that the module of each runs. */
@NullMarked
package pnas.trainer.engine;

import org.jspecify.annotations.NullMarked;
