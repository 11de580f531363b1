package pnas.trainer.child;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import pnas.trainer.training.EngineSettings;

/**
 * How children are started and what they may take.
 *
 * @param engine name of the engine that they open
 * @param lease how long a child trains on without a word from the trainer
 * @param stallLimit how long a training may go without a step
 * @param memoryLimit resident bytes beyond which a child is killed
 * @param javaOptions options of its Java
 * @param environment variables that it gets besides the trainer's own
 */
public record ChildLaunch(
        String engine,
        EngineSettings settings,
        Duration lease,
        Duration stallLimit,
        OptionalLong memoryLimit,
        List<String> javaOptions,
        Map<String, String> environment) {
    public ChildLaunch {
        requirePositive("lease", lease);
        requirePositive("stall limit", stallLimit);
        if (memoryLimit.isPresent() && memoryLimit.getAsLong() < 1) {
            throw new IllegalArgumentException("memory limit must be positive, got " + memoryLimit.getAsLong());
        }
        javaOptions = List.copyOf(javaOptions);
        environment = Map.copyOf(environment);
    }

    private static void requirePositive(String what, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }
}
