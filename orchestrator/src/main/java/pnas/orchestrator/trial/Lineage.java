package pnas.orchestrator.trial;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a trial comes from, what was grown from it, and where it stands among its like.
 *
 * @param ancestors the cells that it was grown from, smallest first; none in stage 1 and for a cell that no ranking chose
 * @param children the cells of the next stage that were grown from it and trained, by rank
 * @param measured how many cells of its stage have an accuracy
 * @param place its place among those by accuracy, from 1; cells of equal accuracy share one; absent without an accuracy
 */
public record Lineage(
        List<TrialSummary> ancestors,
        List<TrialSummary> children,
        long measured,
        @Nullable Long place) {
    public Lineage {
        ancestors = List.copyOf(ancestors);
        children = List.copyOf(children);
    }
}
