/**
 * What is asked of a predictor, and what can be an answer: {@link pnas.orchestrator.life.ranking.RequestRecords} cuts a request into records, {@link
 * pnas.orchestrator.life.ranking.AnswerCheck} refuses an answer to another question.
 */
@NullMarked
package pnas.orchestrator.life.ranking;

import org.jspecify.annotations.NullMarked;
