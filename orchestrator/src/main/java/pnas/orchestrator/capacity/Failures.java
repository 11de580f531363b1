package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Job;

/**
 * Trainers of an engine that failed soon after their start, one after another. A trainer that cannot work is started again ever more seldom, and
 * one at a time, until one has lived for a while or has left in good order.
 *
 * @param count how many, since one did well
 * @param last when the last of them ended
 * @param reason why, in the cluster's words
 */
record Failures(int count, Instant last, String reason) {
    /** A trainer that ends within this time did not work. */
    static final Duration SOON = Duration.ofMinutes(2);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int DOUBLINGS = 5;

    /** Those of the trainers that these Jobs ran; empty where the last one did well. */
    static Optional<Failures> of(List<Job> jobs, Instant now) {
        @Nullable Instant proof = jobs.stream()
                .flatMap(job -> didWell(job, now))
                .max(Comparator.naturalOrder())
                .orElse(null);
        List<End> failures = jobs.stream()
                .filter(Failures::isFailure)
                .map(job -> Objects.requireNonNull(job.end()))
                .filter(end -> proof == null || end.at().isAfter(proof))
                .sorted(Comparator.comparing(End::at))
                .toList();
        return failures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failures(
                        failures.size(),
                        failures.getLast().at(),
                        failures.getLast().reason()));
    }

    /** When the next one may be started. */
    Instant retryAt() {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(count - 1, DOUBLINGS));
        return last.plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /** Whether a trainer is on trial: it goes on, and has not lived long enough to be trusted. */
    static boolean isOnTrial(Job job, Instant now) {
        return job.end() == null && didWell(job, now).findAny().isEmpty();
    }

    private static boolean isFailure(Job job) {
        return job.end() != null
                && !job.end().succeeded()
                && (job.end().unable()
                        || job.startedAt() == null
                        || job.end().at().isBefore(job.startedAt().plus(SOON)));
    }

    /** When it was known of a trainer that it works. */
    private static Stream<Instant> didWell(Job job, Instant now) {
        if (job.end() != null) {
            return isFailure(job) ? Stream.empty() : Stream.of(job.end().at());
        }
        return job.startedAt() != null && !job.startedAt().plus(SOON).isAfter(now)
                ? Stream.of(job.startedAt().plus(SOON))
                : Stream.empty();
    }
}
