package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Job;

/**
 * Trainers of a template that did not come to work, one after another. Such trainers are started ever more seldom, and one at a time, until one has
 * worked for a while or has left in good order.
 *
 * @param count how many, since one did well
 * @param last the last of them
 */
@Decides
record Failures(int count, Setback last) {
    /** A trainer whose container ends within this time of its start did not work. */
    static final Duration SOON = Duration.ofMinutes(2);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int DOUBLINGS = 5;

    /**
     * Those of a template; empty where the last trainer did well.
     *
     * @param jobs that were made from it
     * @param others what these do not show
     */
    static Optional<Failures> of(List<Job> jobs, List<Setback> others, Instant now) {
        @Nullable Instant proof = jobs.stream()
                .flatMap(job -> didWell(job, now))
                .max(Comparator.naturalOrder())
                .orElse(null);
        List<Setback> setbacks = Stream.concat(
                        jobs.stream().filter(Failures::isFailure).map(Failures::setback), others.stream())
                .filter(setback -> proof == null || setback.at().isAfter(proof))
                .sorted(Comparator.comparing(Setback::at))
                .toList();
        return setbacks.isEmpty() ? Optional.empty() : Optional.of(new Failures(setbacks.size(), setbacks.getLast()));
    }

    /** When the next one may be started. */
    Instant retryAt() {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(count - 1, DOUBLINGS));
        return last.at().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }

    /** Whether a trainer is on trial: it goes on, and has not worked long enough to be trusted. */
    static boolean isOnTrial(Job job, Instant now) {
        return job.end() == null && didWell(job, now).findAny().isEmpty();
    }

    private static Setback setback(Job job) {
        End end = Objects.requireNonNull(job.end());
        return new Setback(job.name(), Setback.Kind.FAILED, end.at(), end.reason());
    }

    private static boolean isFailure(Job job) {
        return job.end() != null
                && !job.end().succeeded()
                && (job.end().unable()
                        || job.startedAt() == null
                        || job.end().at().isBefore(job.startedAt().plus(SOON)));
    }

    /** When it was known of a trainer that it works. One whose container has not started proves nothing, however long it waits. */
    private static Stream<Instant> didWell(Job job, Instant now) {
        if (job.end() != null) {
            return isFailure(job) ? Stream.empty() : Stream.of(job.end().at());
        }
        return job.startedAt() != null && !job.startedAt().plus(SOON).isAfter(now)
                ? Stream.of(job.startedAt().plus(SOON))
                : Stream.empty();
    }
}
