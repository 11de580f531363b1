/**
 * Predictors of accuracy. {@link pnas.predictor.model.Predictors} makes them; each {@link pnas.predictor.model.Predictor} learns from a
 * {@link pnas.predictor.encoding.LearningSet} and gives a {@link pnas.predictor.model.FittedPredictor}, which scores
 * {@link pnas.predictor.encoding.Candidates}. Pure computation: no framework, no clock, one thread, the same bits every time.
 */
@NullMarked
package pnas.predictor.model;

import org.jspecify.annotations.NullMarked;
