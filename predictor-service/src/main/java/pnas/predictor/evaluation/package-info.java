/**
 * Judges predictors as a search uses them: fitted on the cells of up to b blocks, they rank cells of b + 1.
 * {@link pnas.predictor.evaluation.EvaluateMain} is the program behind {@code pnas predictor evaluate}; {@link pnas.predictor.evaluation.Questions}
 * come from a table of measured cells or from a synthetic oracle. Knows no framework.
 */
@NullMarked
package pnas.predictor.evaluation;

import org.jspecify.annotations.NullMarked;
