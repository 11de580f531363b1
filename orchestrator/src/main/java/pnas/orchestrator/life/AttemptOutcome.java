package pnas.orchestrator.life;

import java.util.Arrays;
import pnas.message.TrainingProgress.Outcome;

/** How an attempt ended, for rows, pages and metrics. */
public enum AttemptOutcome {
    TRAINED("trained"),
    /** Its accuracy was looked up and nothing was trained. */
    REPLAYED("replayed"),
    DIVERGED("diverged"),
    OUT_OF_MEMORY("outOfMemory"),
    CRASHED("crashed"),
    STALLED("stalled"),
    CANCELLED("cancelled"),
    RELEASED("released"),
    FAILED("failed"),
    /** Its trainer was not heard for a lease, or another trainer claimed the same job after it. */
    EXPIRED("expired"),
    /** It has a result, but another attempt had one before. */
    DUPLICATE("duplicate");

    private final String text;

    AttemptOutcome(String text) {
        this.text = text;
    }

    /** As rows, pages and metrics have it. */
    public String text() {
        return text;
    }

    /**
     * The one that rows call so.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static AttemptOutcome of(String text) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attempt ends as " + text));
    }

    static AttemptOutcome of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Trained trained -> trained.replayed() ? REPLAYED : TRAINED;
            case Outcome.Diverged diverged -> DIVERGED;
            case Outcome.OutOfMemory outOfMemory -> OUT_OF_MEMORY;
            case Outcome.Crashed crashed -> CRASHED;
            case Outcome.Stalled stalled -> STALLED;
            case Outcome.Cancelled cancelled -> CANCELLED;
            case Outcome.Released released -> RELEASED;
            case Outcome.Failed failed -> FAILED;
        };
    }
}
