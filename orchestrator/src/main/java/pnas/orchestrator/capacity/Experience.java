package pnas.orchestrator.capacity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Verdict.Deletion;

/**
 * What the process that decides has seen of trainers and the cluster shows no more: Jobs that it deleted or that were refused, and templates that were
 * proven. Another process that takes over begins without it, and tries one trainer first.
 */
@Decides
final class Experience {
    private static final int KEPT = 100;

    private final Map<String, Deque<Setback>> setbacks = new HashMap<>();
    private final Set<String> proven = new HashSet<>();

    /** Trainers of a template that did not come to work, as far as their Jobs do not show it. */
    List<Setback> setbacks(String revision) {
        return List.copyOf(setbacks.getOrDefault(revision, new ArrayDeque<>()));
    }

    /** Whether a trainer of a template was heard. */
    boolean isProven(String revision) {
        return proven.contains(revision);
    }

    void add(String revision, Setback setback) {
        Deque<Setback> kept = setbacks.computeIfAbsent(revision, key -> new ArrayDeque<>());
        kept.addLast(setback);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
    }

    void addProven(Set<String> revisions) {
        proven.addAll(revisions);
    }

    /** Keeps what follows from a Job that was deleted. */
    void deleted(String revision, Deletion deletion) {
        if (deletion.setback() != null) {
            add(revision, deletion.setback());
        }
    }

    /** Forgets templates that are not in use any more; one that comes back is tried anew. */
    void keepOnly(Set<String> revisions) {
        setbacks.keySet().retainAll(revisions);
        proven.retainAll(revisions);
    }
}
