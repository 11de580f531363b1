package pnas.orchestrator.experiment;

import org.jspecify.annotations.Nullable;

/**
 * How far an experiment is.
 *
 * @param trained terminal trials, whatever became of them
 * @param planned trials of all stages, as far as they can be known
 * @param running trials that somebody trains
 * @param queued trials that wait, dispatched ones included
 * @param failed trials without a result
 * @param diverged trials whose loss became NaN or infinite
 * @param reused trials that took the result of another experiment
 * @param secondsLeft estimate from the trainings so far, absent before there are some and at the end
 */
public record Progress(
        long trained,
        long planned,
        long running,
        long queued,
        long failed,
        long diverged,
        long reused,
        @Nullable Double secondsLeft) {}
