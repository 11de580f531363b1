/**
 * The engine {@code vector}: trains networks on processors with nothing but Java and its vectors. {@link pnas.trainer.engine.vector.VectorEngine}
 * compiles a {@link pnas.network.Network} into a plan of passes over one array of numbers, whose length is known before the first step. To read a
 * step from the top: {@code VectorNetwork} (a step), {@code Plan} (its passes and its memory), {@code ConvolutionPass} (one pass), {@code Window}
 * (where its numbers lie), {@code Products} (its kernels).
 *
 * <p>The same bits everywhere: every sum runs along a written order, in which the length of a vector of the processor does not occur. A lane holds
 * a number of its own, products are always fused with their addition, and where lanes are added up there are always {@link
 * pnas.trainer.engine.vector.Lanes#BLOCK} of them.
 */
@NullMarked
package pnas.trainer.engine.vector;

import org.jspecify.annotations.NullMarked;
