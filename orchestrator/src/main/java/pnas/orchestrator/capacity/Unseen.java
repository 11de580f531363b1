package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Verdict.Creation;

/** Jobs that were created and that the watch of the cluster has not shown yet: a late watch must not make anybody create them again. */
final class Unseen {
    /** After this time a Job that was never shown is taken for gone: it was deleted before the watch came to it. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private record Created(Creation creation, Instant at) {}

    private final Map<String, Created> created = new HashMap<>();

    void created(Creation creation, Instant at) {
        created.put(creation.name(), new Created(creation, at));
    }

    /** What the watch shows, and what it is yet to show. */
    Cluster completed(Cluster shown, Instant now) {
        Set<String> names = shown.jobs().stream().map(Job::name).collect(Collectors.toSet());
        created.values()
                .removeIf(job -> names.contains(job.creation().name())
                        || job.at().plus(PATIENCE).isBefore(now));
        List<Job> jobs = new ArrayList<>(shown.jobs());
        created.values()
                .forEach(job ->
                        jobs.add(new Job(job.creation().name(), job.creation().engine(), null, null)));
        return new Cluster(shown.nodes(), shown.pods(), shown.quotas(), jobs);
    }
}
