package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Verdict.Creation;

/**
 * The trainers that are Jobs of a Kubernetes cluster. Everything is watched by kind and label alone and chosen from here, and every round
 * looks at the whole: what a watch missed, what somebody else did meanwhile, and what failed is made up for by the next round.
 *
 * <p>Belongs to one thread, except for what the watches do.
 */
final class KubernetesTrainers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KubernetesTrainers.class);

    private final KubernetesClient client;
    private final String namespace;
    private final Rules rules;
    private final Runnable changed;
    private final Unseen unseen = new Unseen();
    private @Nullable Watches watches;

    /**
     * Watches nothing yet.
     *
     * @param changed called where something changed that the next decision depends on, on a thread of the client
     */
    KubernetesTrainers(KubernetesClient client, String namespace, Rules rules, Runnable changed) {
        this.client = client;
        this.namespace = namespace;
        this.rules = rules;
        this.changed = changed;
    }

    /** What is watched; nodes and quotas are absent where they may not be read. */
    private record Watches(
            Optional<SharedIndexInformer<Node>> nodes,
            SharedIndexInformer<Pod> pods,
            Optional<SharedIndexInformer<ResourceQuota>> quotas,
            SharedIndexInformer<Job> jobs) {
        boolean haveSynced() {
            return nodes.map(SharedIndexInformer::hasSynced).orElse(true)
                    && pods.hasSynced()
                    && quotas.map(SharedIndexInformer::hasSynced).orElse(true)
                    && jobs.hasSynced();
        }

        void close() {
            nodes.ifPresent(SharedIndexInformer::close);
            pods.close();
            quotas.ifPresent(SharedIndexInformer::close);
            jobs.close();
        }
    }

    /**
     * Decides and does it.
     *
     * @param templates a Job for each engine
     * @param trainings those that run or may be claimed, by engine
     * @param busy names of the pods that train
     * @param farewells those of the pods whose trainers said goodbye, with when they were last heard before
     * @return what was decided; empty while the cluster is not known yet
     * @throws KubernetesClientException where the cluster does not answer or forbids something
     */
    Optional<Verdict> round(
            List<JobTemplate> templates,
            Map<String, Long> trainings,
            Set<String> busy,
            Map<String, Instant> farewells,
            Instant now) {
        if (watches == null) {
            watches = watch();
        }
        if (!watches.haveSynced()) {
            return Optional.empty();
        }
        Map<String, Job> seen = watches.jobs().getStore().list().stream()
                .collect(Collectors.toMap(job -> job.getMetadata().getName(), job -> job));
        Verdict verdict = Scaling.decide(
                unseen.completed(cluster(watches, seen, farewells), now),
                templates.stream()
                        .map(template -> template.pool(rules.resource(), trainings.getOrDefault(template.engine(), 0L)))
                        .toList(),
                rules,
                busy,
                now);
        verdict.delete().forEach(name -> delete(name, seen.get(name)));
        Map<String, JobTemplate> byEngine =
                templates.stream().collect(Collectors.toMap(JobTemplate::engine, template -> template));
        verdict.create()
                .forEach(creation -> create(creation, Objects.requireNonNull(byEngine.get(creation.engine())), now));
        return Optional.of(verdict);
    }

    @Override
    public void close() {
        if (watches != null) {
            watches.close();
        }
    }

    private Watches watch() {
        Optional<SharedIndexInformer<Node>> nodes = permitted("nodes", client.nodes()::list)
                ? Optional.of(start(client.nodes(), node -> Optional.of(read(node))))
                : Optional.empty();
        SharedIndexInformer<Pod> pods = permitted(
                        "pods of all namespaces",
                        () -> client.pods().inAnyNamespace().list())
                ? start(client.pods().inAnyNamespace(), this::readWhereItMatters)
                : startOwnPods();
        Optional<SharedIndexInformer<ResourceQuota>> quotas = permitted(
                        "resourcequotas",
                        () -> client.resourceQuotas().inNamespace(namespace).list())
                ? Optional.of(start(client.resourceQuotas().inNamespace(namespace), this::read))
                : Optional.empty();
        return new Watches(
                nodes,
                pods,
                quotas,
                start(
                        client.batch().v1().jobs().inNamespace(namespace).withLabels(JobTemplate.MARK),
                        job -> Optional.of(ClusterReading.job(job))));
    }

    private SharedIndexInformer<Pod> startOwnPods() {
        // Fails here where even these may not be read: without them, who trains cannot be told from who waits.
        var _ = client.pods().inNamespace(namespace).list();
        return start(client.pods().inNamespace(namespace), this::readWhereItMatters);
    }

    /** Whether something may be read. */
    private static boolean permitted(String what, Runnable read) {
        try {
            read.run();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                throw e;
            }
            LOG.warnf("%s may not be read, so they are left out of account: %s", what, e.getMessage());
            return false;
        }
    }

    /**
     * Starts a watch.
     *
     * @param reading what of a resource matters here; empty where nothing does
     */
    private <T extends HasMetadata> SharedIndexInformer<T> start(
            Informable<T> resources, Function<T, Optional<?>> reading) {
        SharedIndexInformer<T> informer = resources.runnableInformer(0);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T made) {
                tell(reading.apply(made).isPresent());
            }

            @Override
            public void onUpdate(T before, T after) {
                tell(!reading.apply(before).equals(reading.apply(after)));
            }

            @Override
            public void onDelete(T gone, boolean unknownState) {
                tell(reading.apply(gone).isPresent());
            }

            private void tell(boolean matters) {
                if (matters) {
                    changed.run();
                }
            }
        });
        // A watch that cannot be had now is tried again for as long as this lives.
        informer.exceptionHandler((started, failure) -> true);
        // What was told before all of them knew the cluster was told too soon.
        var _ = informer.start().thenRun(changed);
        return informer;
    }

    private Cluster.Node read(Node node) {
        return ClusterReading.node(node, rules.resource());
    }

    private Cluster.Pod read(Pod pod) {
        return ClusterReading.pod(pod, rules.resource(), namespace);
    }

    /** Pods of others matter where they take what a trainer takes. */
    private Optional<Cluster.Pod> readWhereItMatters(Pod pod) {
        return Optional.of(read(pod)).filter(each -> each.job() != null || each.request() > 0);
    }

    private Optional<Cluster.Quota> read(ResourceQuota quota) {
        return ClusterReading.quota(quota, rules.resource());
    }

    private Cluster cluster(Watches all, Map<String, Job> jobs, Map<String, Instant> farewells) {
        List<Cluster.Pod> pods =
                all.pods().getStore().list().stream().map(this::read).toList();
        return new Cluster(
                all.nodes()
                        .map(nodes ->
                                nodes.getStore().list().stream().map(this::read).toList()),
                pods,
                all.quotas().stream()
                        .flatMap(quotas -> quotas.getStore().list().stream())
                        .flatMap(quota -> read(quota).stream())
                        .toList(),
                jobs.values().stream()
                        .map(job -> ClusterReading.job(job).knowing(farewells).because(pods))
                        .toList());
    }

    /** Deletes a Job as it was seen: one that changed meanwhile stays, and the next round looks at it again. */
    private void delete(String name, @Nullable Job job) {
        if (job == null) {
            return; // It was created a moment ago and is not shown yet.
        }
        try {
            client.resource(job)
                    .lockResourceVersion(job.getMetadata().getResourceVersion())
                    .delete();
            LOG.infof("trainer %s is not needed and was deleted before it started", name);
        } catch (KubernetesClientException e) {
            passOver(e, "deleted", name);
        }
    }

    private void create(Creation creation, JobTemplate template, Instant now) {
        try {
            client.resource(template.named(creation.name(), namespace)).create();
            unseen.created(creation, now);
            LOG.infof("trainer %s for engine %s was created", creation.name(), creation.engine());
        } catch (KubernetesClientException e) {
            passOver(e, "created", creation.name());
            if (!isTransient(e)) {
                unseen.created(creation, now);
            }
        }
    }

    /** Whether a conflict is with another change, as that of a quota, and not with a Job of that name. */
    private static boolean isTransient(KubernetesClientException conflict) {
        return conflict.getStatus() != null
                && "Conflict".equals(conflict.getStatus().getReason());
    }

    /** Somebody was faster, or it changed: the next round knows. */
    private static void passOver(KubernetesClientException failure, String what, String name) {
        if (failure.getCode() != HttpURLConnection.HTTP_CONFLICT
                && failure.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
            throw failure;
        }
        LOG.debugf("trainer %s was not %s: %s", name, what, failure.getMessage());
    }
}
