package pnas.orchestrator.capacity;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Places.Lack;
import pnas.orchestrator.capacity.Verdict.Creation;
import pnas.orchestrator.capacity.Verdict.Standing;

/**
 * How many trainers there should be. For one pool:
 *
 * <pre>
 * free    = sum of allocatable over ready nodes that match and are not cordoned, less what non-terminal pods there request, in trainers
 * desired = min(maximum, ceil(trainings / slots), bound + free + surge)
 * create  = desired - (bound + pending); where that is negative, that many pending ones are deleted
 * </pre>
 *
 * where bound trainers have a node and pending ones have none yet. Where nodes cannot be read, the namespace's quota takes the place of free,
 * and without a quota the maximum alone decides. Several pools take free places in turn. A trainer that has started is never deleted: it leaves
 * by itself when it is idle. The same snapshot gives the same names, so that whoever acts twice on it creates nothing twice.
 */
final class Scaling {
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Cluster cluster;
    private final Rules rules;
    private final Set<String> busy;
    private final Instant now;
    private final Places places;

    private Scaling(Cluster cluster, Rules rules, Set<String> busy, Instant now) {
        this.cluster = cluster;
        this.rules = rules;
        this.busy = busy;
        this.now = now;
        this.places = new Places(cluster, rules);
    }

    /**
     * Decides.
     *
     * @param pools of different engines
     * @param busy names of the pods that train, as the database knows it
     */
    static Verdict decide(Cluster cluster, List<Pool> pools, Rules rules, Set<String> busy, Instant now) {
        return new Scaling(cluster, rules, busy, now).decide(pools);
    }

    private Verdict decide(List<Pool> pools) {
        List<Group> groups = pools.stream().map(Group::new).toList();
        spread(groups);
        long own = groups.stream().mapToLong(group -> group.own.size()).sum();
        long bound = groups.stream().mapToLong(group -> group.bound.size()).sum();
        // Of several pools, one may still have to give up places that another is to have.
        long budget = Math.min(rules.most(), bound + places.taken()) - own;
        List<Creation> create = new ArrayList<>();
        List<String> delete = new ArrayList<>();
        for (Group group : groups) {
            long missing = Math.min(group.mayStart(), Math.min(budget, group.desired - group.own.size()));
            if (missing > 0) {
                budget -= missing;
                group.names().limit(missing).forEach(name -> create.add(new Creation(group.pool.engine(), name)));
            }
            group.surplus().forEach(delete::add);
        }
        return new Verdict(create, delete, groups.stream().map(Group::standing).toList());
    }

    /** One trainer at a time to each pool in turn, until nobody needs or gets one. */
    private void spread(List<Group> groups) {
        long total = 0;
        boolean given = true;
        while (given) {
            given = false;
            for (Group group : groups) {
                if (total < rules.most() && group.grow()) {
                    total++;
                    given = true;
                }
            }
        }
    }

    /** The trainers of a pool. */
    private final class Group {
        private final Pool pool;
        private final Set<String> own = new HashSet<>();
        private final Map<String, Pod> bound = new HashMap<>();
        private final long pods;
        private final long wanted;
        private final Optional<Failures> failures;
        private long desired;
        private @Nullable Lack lack;

        Group(Pool pool) {
            this.pool = pool;
            List<Job> jobs = cluster.jobs().stream()
                    .filter(job -> job.engine().equals(pool.engine()))
                    .toList();
            jobs.stream().filter(job -> job.end() == null).map(Job::name).forEach(own::add);
            // A pod may be known before its Job, and outlive it: it takes its place either way.
            List<Pod> living = cluster.pods().stream()
                    .filter(pod -> pod.job() != null && pool.engine().equals(pod.engine()) && pod.phase() != Phase.OVER)
                    .toList();
            living.forEach(pod -> own.add(Objects.requireNonNull(pod.job())));
            living.stream().filter(Pod::isBound).forEach(pod -> bound.put(Objects.requireNonNull(pod.job()), pod));
            this.pods = living.stream().map(Pod::job).distinct().count();
            this.wanted = Math.ceilDiv(pool.trainings(), rules.slots());
            this.failures = Failures.of(jobs, now);
        }

        boolean grow() {
            if (desired >= wanted || lack != null) {
                return false;
            }
            if (desired >= bound.size()) {
                lack = places.take(pool, desired < pods).orElse(null);
                if (lack != null) {
                    return false;
                }
            }
            desired++;
            return true;
        }

        /** How many may be started now, whatever is desired. */
        long mayStart() {
            if (failures.isEmpty()) {
                return Long.MAX_VALUE;
            }
            boolean onTrial = cluster.jobs().stream()
                    .anyMatch(job -> job.engine().equals(pool.engine()) && Failures.isOnTrial(job, now));
            return onTrial || now.isBefore(failures.get().retryAt()) ? 0 : 1;
        }

        /** Names for new Jobs, the lowest numbers that no Job has. */
        Stream<String> names() {
            Set<String> known = cluster.jobs().stream().map(Job::name).collect(Collectors.toCollection(HashSet::new));
            known.addAll(own);
            return IntStream.iterate(0, number -> number + 1)
                    .mapToObj(number -> pool.prefix() + "-" + number)
                    .filter(name -> !known.contains(name));
        }

        /** Those to delete: without a node first, then those whose containers never ran; the latest numbers first. */
        List<String> surplus() {
            Comparator<String> latestFirst = Comparator.<String>comparingInt(String::length)
                    .thenComparing(name -> name)
                    .reversed();
            return own.stream()
                    .filter(this::isIdle)
                    .sorted(Comparator.<String, Boolean>comparing(bound::containsKey)
                            .thenComparing(latestFirst))
                    .limit(Math.max(0, own.size() - desired))
                    .toList();
        }

        /** Whether the trainer of a Job surely trains nothing. */
        private boolean isIdle(String job) {
            return cluster.pods().stream()
                    .filter(pod -> job.equals(pod.job()))
                    .allMatch(pod -> pod.phase() == Phase.PENDING && !busy.contains(pod.name()));
        }

        Standing standing() {
            return new Standing(pool.engine(), desired, bound.size(), cause());
        }

        private @Nullable String cause() {
            long working = bound.values().stream()
                    .filter(pod -> pod.phase() == Phase.RUNNING)
                    .count();
            if (pool.trainings() <= working * rules.slots()) {
                return null;
            }
            if (rules.most() == 0) {
                return "no trainer may be started, pnas.capacity.maximum is 0";
            }
            if (failures.isPresent()) {
                return failed(failures.get());
            }
            long starting = desired - Math.min(desired, working);
            if (starting > 0) {
                return Wording.trainers(starting) + (starting == 1 ? " starts" : " start") + trouble();
            }
            if (lack != null) {
                return places.words(pool, lack);
            }
            return rules.most() == 1
                    ? "the one trainer that pnas.capacity.maximum allows is there"
                    : "all " + rules.most() + " trainers that pnas.capacity.maximum allows are there";
        }

        private String failed(Failures failed) {
            String who = failed.count() == 1 ? "a trainer" : "the last " + failed.count() + " trainers";
            String next = now.isBefore(failed.retryAt())
                    ? "the next one is started at " + SECOND.format(failed.retryAt())
                    : "one is tried at a time";
            return who + " failed soon after the start (" + failed.reason() + "); " + next;
        }

        /** What keeps those back that do not run yet, in the cluster's words, where it says so of one. */
        private String trouble() {
            return cluster.pods().stream()
                    .filter(pod -> pool.engine().equals(pod.engine()) && pod.phase() == Phase.PENDING)
                    .map(Pod::trouble)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(trouble -> ", but " + trouble)
                    .orElse("");
        }
    }
}
