package pnas.orchestrator.experiment;

import org.jspecify.annotations.Nullable;
import pnas.orchestrator.timing.Estimate;

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
 * @param left how long it will go on with its share of the trainers that are alive, or with one where none is; rankings are not counted; absent at
 *     the end, and while its trainings wait for others of a higher priority that want all trainers
 */
public record Progress(
        long trained,
        long planned,
        long running,
        long queued,
        long failed,
        long diverged,
        long reused,
        @Nullable Estimate left) {}
