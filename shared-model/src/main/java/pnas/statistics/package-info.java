/**
 * How two series of numbers go together: {@link pnas.statistics.Correlation} measures how well predicted accuracies agree with measured ones.
 * Beside it stands {@link pnas.statistics.Tally}: trials, counted by what became of them.
 */
@NullMarked
package pnas.statistics;

import org.jspecify.annotations.NullMarked;
