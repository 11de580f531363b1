package pnas.orchestrator.specification;

import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;

/**
 * What people call an experiment.
 *
 * @param name for people
 * @param preset the preset that it started from, absent without one
 */
public record Title(String name, @Nullable String preset) {
    private static final int MAX_NAME = 100;

    /** See {@link Title}. */
    public record Draft(@Nullable String name, @Nullable String preset) {}

    static Title read(Given<Draft> given) {
        String name = given.value(Draft::name, "unnamed").strip();
        if (name.isEmpty() || name.length() > MAX_NAME || !PlainText.isPlain(name)) {
            given.problems()
                    .add(
                            "name",
                            "must be 1 to " + MAX_NAME + " characters without control characters, got "
                                    + name.length());
        }
        return new Title(name, given.value(Draft::preset));
    }
}
