package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.specification.Specification;

/**
 * An experiment at an instant, its stages and trials apart; what has changed is another value.
 *
 * @param cause why it is in its state, for a person, where the state alone does not say it
 * @param runningSeconds how long it ran before {@code runningSince}, pauses not counted
 * @param runningSince since when it runs, absent while it does not
 * @param finishedAt when it ended, absent before
 */
public record Experiment(
        String id,
        ExperimentState state,
        @Nullable String cause,
        Specification specification,
        double runningSeconds,
        @Nullable Instant runningSince,
        @Nullable Instant finishedAt) {
    public Experiment {
        if ((runningSince != null) != (state == ExperimentState.RUNNING)) {
            throw new IllegalArgumentException("experiment " + id + " is " + state + " and runs since " + runningSince);
        }
    }

    /** One that begins. */
    public static Experiment begun(String id, Specification specification, Instant now) {
        return new Experiment(id, ExperimentState.RUNNING, null, specification, 0, now, null);
    }

    /** Whether the table allows the event now. */
    boolean allows(ExperimentEvent event) {
        return ExperimentTable.TABLE.find(state, event).isPresent();
    }

    Experiment with(Specification specification) {
        return new Experiment(id, state, cause, specification, runningSeconds, runningSince, finishedAt);
    }

    /**
     * What an event makes of it; the rest of what the table wants done is the caller's.
     *
     * @param cause why it is in its next state, absent where the state says it
     */
    Experiment after(ExperimentEvent event, @Nullable String cause, Instant now) {
        ExperimentState next = ExperimentTable.TABLE
                .find(state, event)
                .orElseThrow(() -> new IllegalStateException("experiment " + id + " is " + state + ": no " + event))
                .to();
        double ran =
                runningSince == null ? 0 : Duration.between(runningSince, now).toMillis() / 1000.0;
        return new Experiment(
                id,
                next,
                cause,
                specification,
                runningSeconds + ran,
                next == ExperimentState.RUNNING ? now : null,
                next.isTerminal() ? now : null);
    }
}
