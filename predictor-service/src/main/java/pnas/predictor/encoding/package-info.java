/**
 * Cells as predictors see them: {@link pnas.predictor.encoding.CellFeatures} do not depend on the order of blocks and branches,
 * {@link pnas.predictor.encoding.Tokens} do. {@link pnas.predictor.encoding.LearningSet} holds the measured cells and
 * {@link pnas.predictor.encoding.Candidates} the cells to be scored, grouped by the parent that they extend. Knows no predictor.
 */
@NullMarked
package pnas.predictor.encoding;

import org.jspecify.annotations.NullMarked;
