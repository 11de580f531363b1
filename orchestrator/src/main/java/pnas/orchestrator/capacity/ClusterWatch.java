package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.ClusterReading.Happening;

/**
 * What is known of a cluster, by watches of it. Everything is watched by kind and label alone, chosen from here and reduced to what matters.
 *
 * <p>A watch that was refused shows for ever what it knew last, so what is known counts only while each watch is up, or was so a moment ago.
 *
 * <p>Belongs to one thread, except for what the watches do.
 */
final class ClusterWatch implements AutoCloseable {
    /** What is known holds so long without news. */
    static final Duration NEWS = Duration.ofSeconds(60);

    /** A right that was never there is asked for again so often. */
    static final Duration RIGHTS = Duration.ofMinutes(3);

    private static final Logger LOG = Logger.getLogger(ClusterWatch.class);
    private static final long PAGE = 500;
    private static final String EVERYWHERE = "pods of all namespaces";

    private final KubernetesClient client;
    private final String namespace;
    private final String resource;
    private final Runnable changed;
    private final List<Watched<?, ?>> watched = new ArrayList<>();

    /** What could be read before, and what could not: a right that was had is never given up. */
    private final Set<String> had = new HashSet<>();

    private final Set<String> lacking = new HashSet<>();
    private @Nullable Watched<Node, Cluster.Node> nodes;
    private @Nullable Watched<Pod, Cluster.Pod> pods;
    private @Nullable Watched<ResourceQuota, Cluster.Quota> quotas;
    private @Nullable Watched<Event, Happening> events;
    private @Nullable Watched<Job, Cluster.Job> jobs;

    /** When all of it was known last, at first when it was asked for. */
    private @Nullable Instant knownAt;

    /** Why it cannot be known, in words that follow since when; empty where nobody says. */
    private String refusal = "";

    private @Nullable Instant startedAt;
    private @Nullable Instant askedAt;

    /**
     * Watches nothing yet.
     *
     * @param changed called where something changed that a decision depends on, on a thread of the client
     */
    ClusterWatch(KubernetesClient client, String namespace, String resource, Runnable changed) {
        this.client = client;
        this.namespace = namespace;
        this.resource = resource;
        this.changed = changed;
    }

    private record Watched<T extends HasMetadata, R>(String what, SharedIndexInformer<T> informer, Kept<T, R> kept) {
        boolean isUp() {
            return informer.hasSynced() && informer.isWatching();
        }
    }

    /**
     * The cluster at a moment.
     *
     * @param versions of the Jobs, by their names
     */
    record Sight(Cluster cluster, Map<String, String> versions) {}

    /**
     * What is known now; empty while that is not everything.
     *
     * @throws NoNewsException where it was not everything for too long
     * @throws KubernetesClientException where the cluster does not answer, or refuses what nobody can do without
     */
    Optional<Sight> see(Instant now) {
        if (watched.isEmpty() && knownAt == null) {
            start(now);
        } else if (!lacking.isEmpty() && askedAt != null && askedAt.plus(RIGHTS).isBefore(now)) {
            startIfMoreMayBeRead(now);
        }
        List<String> down =
                watched.stream().filter(each -> !each.isUp()).map(Watched::what).toList();
        if (!watched.isEmpty() && down.isEmpty()) {
            knownAt = now;
            refusal = "";
            return Optional.of(sight());
        }
        if (knownAt == null) {
            knownAt = now;
        }
        Instant since = knownAt;
        if (!since.plus(NEWS).isBefore(now)) {
            return synced() ? Optional.of(sight()) : Optional.empty();
        }
        restart(now);
        throw new NoNewsException("nothing has been heard of the cluster's "
                + (down.isEmpty() ? "objects" : String.join(", ", down)) + " since " + Wording.second(since) + refusal
                + "; until it is, no trainer is started or deleted");
    }

    private boolean synced() {
        return !watched.isEmpty()
                && watched.stream().allMatch(each -> each.informer().hasSynced());
    }

    /** Asks for everything anew, at most once a minute, and keeps why that does not go. */
    private void restart(Instant now) {
        if (startedAt != null && !startedAt.plus(NEWS).isBefore(now)) {
            return;
        }
        stopAll();
        try {
            start(now);
            refusal = "";
        } catch (KubernetesClientException e) {
            stopAll();
            refusal = " (" + ClusterReading.refusal(e) + ")";
        }
    }

    private void startIfMoreMayBeRead(Instant now) {
        askedAt = now;
        if (lacking.stream().anyMatch(what -> mayRead(what, asking(what)))) {
            LOG.infof("more of the cluster may be read than before: it is looked at anew");
            stopAll();
            start(now);
            // All that is needed was read a moment ago.
            knownAt = now;
        }
    }

    private Runnable asking(String what) {
        return switch (what) {
            case "nodes" -> () -> ask(client.nodes());
            case EVERYWHERE -> () -> ask(client.pods().inAnyNamespace());
            case "resourcequotas" -> () -> ask(client.resourceQuotas().inNamespace(namespace));
            case "events" -> () -> ask(client.v1().events().inNamespace(namespace));
            default -> throw new IllegalArgumentException("nobody asks for " + what);
        };
    }

    private static void ask(FilterWatchListDeletable<?, ?, ?> resources) {
        var _ = resources.list(new ListOptionsBuilder().withLimit(1L).build());
    }

    private void start(Instant now) {
        startedAt = now;
        askedAt = now;
        lacking.clear();
        tellAge();
        boolean nodesToo = permitted("nodes");
        boolean everywhere = permitted(EVERYWHERE);
        boolean quotasToo = permitted("resourcequotas");
        boolean eventsToo = permitted("events");
        if (!everywhere) {
            // Fails here where even these may not be read: without them, who trains cannot be told from who waits.
            ask(client.pods().inNamespace(namespace));
        }
        nodes = nodesToo
                ? start(
                        "nodes",
                        client.nodes(),
                        node -> Optional.of(ClusterReading.node(node, resource)),
                        metadata -> new NodeBuilder().withMetadata(metadata).build())
                : null;
        pods = start(
                everywhere ? EVERYWHERE : "pods",
                everywhere ? client.pods().inAnyNamespace() : client.pods().inNamespace(namespace),
                this::readWhereItMatters,
                metadata -> new PodBuilder().withMetadata(metadata).build());
        quotas = quotasToo
                ? start(
                        "resourcequotas",
                        client.resourceQuotas().inNamespace(namespace),
                        quota -> ClusterReading.quota(quota, resource),
                        metadata -> new ResourceQuotaBuilder()
                                .withMetadata(metadata)
                                .build())
                : null;
        events = eventsToo
                ? start(
                        "events",
                        client.v1().events().inNamespace(namespace),
                        ClusterReading::happening,
                        metadata -> new EventBuilder().withMetadata(metadata).build())
                : null;
        jobs = start(
                "jobs",
                client.batch().v1().jobs().inNamespace(namespace).withLabels(JobTemplate.MARK),
                job -> Optional.of(ClusterReading.job(job)),
                metadata -> new JobBuilder().withMetadata(metadata).build());
    }

    /** An old one may still do: what it does not know it says itself, or leaves out in silence. */
    private void tellAge() {
        try {
            VersionInfo version = client.getKubernetesVersion();
            ClusterReading.age(version.getMajor(), version.getMinor()).ifPresent(LOG::warn);
        } catch (KubernetesClientException e) {
            LOG.debugf("the cluster does not tell its version: %s", ClusterReading.refusal(e));
        }
    }

    private boolean permitted(String what) {
        if (mayRead(what, asking(what))) {
            had.add(what);
            return true;
        }
        lacking.add(what);
        return false;
    }

    /** Whether something may be read. Where that was so before, it must be so again. */
    private boolean mayRead(String what, Runnable read) {
        try {
            read.run();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN || had.contains(what)) {
                throw e;
            }
            LOG.warnf("%s may not be read, so they are left out of account: %s", what, ClusterReading.refusal(e));
            return false;
        }
    }

    /**
     * Starts a watch.
     *
     * @param reading what of an object matters here; empty where nothing does
     * @param stub an object with nothing but metadata
     */
    private <T extends HasMetadata, R> Watched<T, R> start(
            String what,
            FilterWatchListDeletable<T, ?, ?> resources,
            Function<T, Optional<R>> reading,
            Function<ObjectMeta, T> stub) {
        Kept<T, R> kept = new Kept<>(reading, stub, changed);
        SharedIndexInformer<T> informer = resources
                .withLimit(PAGE)
                .runnableInformer(0)
                .removeNamespaceIndex()
                .itemStore(kept)
                // A watch that cannot be had now is tried again for as long as this lives.
                .exceptionHandler((started, failure) -> true);
        // What was told before all of them knew the cluster was told too soon.
        var _ = informer.start().thenRun(changed);
        Watched<T, R> started = new Watched<>(what, informer, kept);
        watched.add(started);
        return started;
    }

    /** Pods of others matter where they take what a trainer takes. */
    private Optional<Cluster.Pod> readWhereItMatters(Pod pod) {
        return Optional.of(ClusterReading.pod(pod, resource, namespace))
                .filter(each -> each.job() != null || each.request() > 0);
    }

    private Sight sight() {
        Map<String, Happening> last = readings(events)
                .collect(Collectors.toMap(
                        Happening::uid, each -> each, BinaryOperator.maxBy(Comparator.comparing(Happening::at))));
        List<Cluster.Pod> seen = entries(pods)
                .map(pod -> ClusterReading.told(pod.reading(), last.get(pod.uid())))
                .toList();
        return new Sight(
                new Cluster(
                        nodes == null
                                ? Optional.empty()
                                : Optional.of(readings(nodes).toList()),
                        seen,
                        readings(quotas).toList(),
                        entries(jobs)
                                .map(job -> ClusterReading.told(job.reading(), last.get(job.uid())))
                                .toList()),
                entries(jobs).collect(Collectors.toMap(Kept.Entry::name, Kept.Entry::version)));
    }

    private static <R> Stream<Kept.Entry<R>> entries(@Nullable Watched<?, R> each) {
        return each == null ? Stream.empty() : each.kept().entries().stream();
    }

    private static <R> Stream<R> readings(@Nullable Watched<?, R> each) {
        return entries(each).map(Kept.Entry::reading);
    }

    private void stopAll() {
        watched.forEach(each -> each.informer().close());
        watched.clear();
    }

    /** Ends the watches; they begin anew when somebody looks again. */
    @Override
    public void close() {
        stopAll();
        knownAt = null;
        had.clear();
    }
}
