package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Cluster.Hold;
import pnas.orchestrator.capacity.Cluster.Job;

/**
 * Jobs that were created, here or by somebody else, and that the watch of the cluster has not shown yet: a late watch must not make anybody
 * create them again. One that is never shown was deleted before the watch came to it, or is none of ours: its name is left alone.
 */
@Decides
final class Unseen {
    /** After this time a Job that was never shown is no trainer of ours. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private record Created(Verdict.Creation creation, Instant at) {}

    private static final String NO_ENGINE = "";

    private final Map<String, Created> created = new HashMap<>();
    private final Set<String> avoided = new HashSet<>();

    void created(Verdict.Creation creation, Instant at) {
        created.put(creation.name(), new Created(creation, at));
    }

    /** What the watch shows, and what it is yet to show. */
    Cluster completed(Cluster shown, Instant now) {
        Set<String> names = shown.jobs().stream().map(Job::name).collect(Collectors.toSet());
        created.values().removeIf(job -> {
            boolean late = job.at().plus(PATIENCE).isBefore(now);
            boolean seen = names.contains(job.creation().name());
            if (late && !seen) {
                avoided.add(job.creation().name());
            }
            return late || seen;
        });
        List<Job> jobs = new ArrayList<>(shown.jobs());
        created.values()
                .forEach(job -> jobs.add(new Job(
                        job.creation().name(),
                        job.creation().engine(),
                        job.creation().revision(),
                        Hold.NONE,
                        null,
                        null)));
        avoided.removeAll(names);
        avoided.forEach(name -> jobs.add(new Job(name, NO_ENGINE, "", Hold.NONE, null, null)));
        return new Cluster(shown.nodes(), shown.pods(), shown.quotas(), jobs);
    }
}
