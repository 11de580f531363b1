/**
 * How two series of numbers go together: {@link pnas.statistics.Correlation} measures how well predicted accuracies agree with measured ones.
 */
@NullMarked
package pnas.statistics;

import org.jspecify.annotations.NullMarked;
