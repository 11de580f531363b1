package pnas.orchestrator.capacity;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;

/**
 * What is to be done now.
 *
 * @param create Jobs, by name
 * @param delete Jobs whose trainers have not started
 * @param lost names of Jobs whose trainers do not count
 * @param proven revisions of templates that a trainer was heard of
 * @param pools how each pool stands, in the order in which they were given
 */
@Decides
record Verdict(
        List<Creation> create, List<Deletion> delete, Set<String> lost, Set<String> proven, List<Standing> pools) {
    Verdict {
        create = List.copyOf(create);
        delete = List.copyOf(delete);
        lost = Set.copyOf(lost);
        proven = Set.copyOf(proven);
        pools = List.copyOf(pools);
    }

    /** A Job to create. */
    record Creation(String engine, String name, String revision) {}

    /**
     * A Job to delete.
     *
     * @param reason why, in words that follow its name
     * @param setback what follows for the next ones; absent where nothing does
     */
    record Deletion(String name, String reason, @Nullable Setback setback) {}

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
