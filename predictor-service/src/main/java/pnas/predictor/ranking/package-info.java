/**
 * Answers ranking requests: reads them from {@code pnas.candidates}, lets a predictor learn and score, and sends the best candidates to
 * {@code pnas.rankings}.
 */
@NullMarked
package pnas.predictor.ranking;

import org.jspecify.annotations.NullMarked;
