package pnas.orchestrator.capacity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done now.
 *
 * @param create Jobs, by name
 * @param delete names of Jobs whose trainers train nothing
 * @param pools how each pool stands, in the order in which they were given
 */
record Verdict(List<Creation> create, List<String> delete, List<Standing> pools) {
    Verdict {
        create = List.copyOf(create);
        delete = List.copyOf(delete);
        pools = List.copyOf(pools);
    }

    /** A Job to create. */
    record Creation(String engine, String name) {}

    /**
     * How the trainers of an engine stand.
     *
     * @param desired how many there should be
     * @param bound how many have a place on a node
     * @param cause why trainings wait for trainers, in words that follow {@code 3 trainings wait:}; absent where none do
     */
    record Standing(
            String engine,
            long desired,
            long bound,
            @Nullable String cause) {}
}
