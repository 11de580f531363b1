/**
 * The engine {@code dl4j}: trains networks with Deeplearning4j on ND4J. {@link pnas.trainer.engine.dl4j.Dl4jEngine} builds a {@code
 * ComputationGraph} from {@link pnas.network.Network} and nothing else, for the loop of {@code pnas.trainer.training}. Types of the library and
 * native memory never leave this package; only the process that trains loads it. The library's own model files are neither written nor read:
 * reading one can run code that it names.
 */
@NullMarked
package pnas.trainer.engine.dl4j;

import org.jspecify.annotations.NullMarked;
