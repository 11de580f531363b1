package pnas.simulation;

import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** What is broken in the schedule of a seed. Its type is the JDK's, so that it can be asked of classes that another loader has loaded. */
public final class Failing implements LongFunction<@Nullable String> {
    /** Called by name. */
    public Failing() {}

    @Override
    public @Nullable String apply(long seed) {
        return Simulation.play(Plan.of(seed)).failure();
    }
}
