/**
 * What decides about a search, in plain Java: no framework, no database and no broker can be reached from here. A {@link pnas.orchestrator.life.TrialLife}
 * takes what a trainer says or what the platform wants of a trial and answers with {@link pnas.orchestrator.life.TrialEffects}; a {@link
 * pnas.orchestrator.life.store.TrialUnit} does so for all trials of a transaction. An {@link pnas.orchestrator.life.ExperimentLife} takes what people, time and
 * predictors want of an experiment with its stages, and answers with {@link pnas.orchestrator.life.ExperimentEffects}. The features around it find rows, store the effects and send what
 * they say; they decide nothing. Every other package of the orchestrator may use this one, and this one none of them but the tables of states and the
 * sizes of trainings.
 */
@NullMarked
package pnas.orchestrator.life;

import org.jspecify.annotations.NullMarked;
