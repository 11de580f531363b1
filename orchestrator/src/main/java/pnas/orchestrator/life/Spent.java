package pnas.orchestrator.life;

/**
 * What an experiment has used of what a {@link Budget} may limit. Results that it took from other experiments cost nothing.
 *
 * @param trainings attempts that began, those included that brought no result
 * @param running those of them that have not ended
 * @param trainerSeconds time of all attempts together by the database's clock, each from its claim to its end or until now
 * @param wallClockSeconds time in which the experiment ran and was not paused
 */
public record Spent(long trainings, long running, double trainerSeconds, double wallClockSeconds) {}
