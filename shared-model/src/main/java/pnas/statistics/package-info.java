/**
 * How two series of numbers go together: {@link pnas.statistics.Correlation} measures how well predicted accuracies agree with measured ones.
 * Beside it stand {@link pnas.statistics.Tally}, trials counted by what became of them, and {@link pnas.statistics.Durations}, times for people.
 */
@NullMarked
package pnas.statistics;

import org.jspecify.annotations.NullMarked;
