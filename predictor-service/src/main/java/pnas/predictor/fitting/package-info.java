/**
 * The numerical parts of which predictors are made, free of cells and of frameworks: {@link pnas.predictor.fitting.NormalScores} (the target
 * of a regression), {@link pnas.predictor.fitting.BoundedMinimizer}, {@link pnas.predictor.fitting.Adam},
 * {@link pnas.predictor.fitting.Matrix} and {@link pnas.predictor.fitting.Folds}. Everything is single-threaded, takes its chance as a
 * parameter and uses strictly defined arithmetic only, so that the same input gives the same bits on every machine.
 */
@NullMarked
package pnas.predictor.fitting;

import org.jspecify.annotations.NullMarked;
