package pnas.orchestrator.capacity;

import java.time.Duration;
import java.util.OptionalInt;
import pnas.decision.Decides;

/**
 * What a user has set about trainers.
 *
 * @param resource what each of them takes, such as {@code nvidia.com/gpu}
 * @param maximum the most trainers at once; absent where only the cluster limits them
 * @param surge how many may wait for a place, so that a node autoscaler adds nodes
 * @param slots trainings that a trainer does at once
 * @param patience how long a trainer may take to start
 */
@Decides
record Rules(String resource, OptionalInt maximum, int surge, int slots, Patience patience) {
    /**
     * How long a trainer may take to start once it may.
     *
     * @param start in general
     * @param pull while its image is pulled
     */
    record Patience(Duration start, Duration pull) {
        /** Where nobody set another one. */
        static final Patience USUAL = new Patience(Duration.ofMinutes(10), Duration.ofMinutes(30));

        Patience {
            if (!start.isPositive() || pull.compareTo(start) < 0) {
                throw new IllegalArgumentException(
                        "the patience must be positive, and at least as long for pulling an image, got " + start
                                + " and " + pull);
            }
        }
    }

    Rules {
        if (resource.isBlank()) {
            throw new IllegalArgumentException("resource must not be empty");
        }
        if (maximum.isPresent() && maximum.getAsInt() < 0) {
            throw new IllegalArgumentException("maximum must be at least 0, got " + maximum.getAsInt());
        }
        if (surge < 0) {
            throw new IllegalArgumentException("surge must be at least 0, got " + surge);
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be positive, got " + slots);
        }
    }

    int most() {
        return maximum.orElse(Integer.MAX_VALUE);
    }

    /** The resource in the plural, as a person says it. */
    String noun() {
        return switch (resource.substring(resource.indexOf('/') + 1)) {
            case "gpu" -> "GPUs";
            case "gpu.shared" -> "shared GPUs";
            case "cpu" -> "CPUs";
            default -> "units of " + resource;
        };
    }
}
