/**
 * The engine {@code torch}: trains networks with libtorch, called through JavaCPP. {@link pnas.trainer.engine.torch.TorchEngine} builds a
 * network's module from {@link pnas.network.Network} and nothing else, for the loop of {@code pnas.trainer.training}. Native types and native
 * memory never leave this package; only the process that trains loads it.
 */
@NullMarked
package pnas.trainer.engine.torch;

import org.jspecify.annotations.NullMarked;
