/** What the command {@code pnas bench} runs in processes of their own: steps of one engine, timed. Knows the port of engines, and none of them. */
@NullMarked
package pnas.trainer.benchmark;

import org.jspecify.annotations.NullMarked;
