package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.ClusterWatch.Sight;
import pnas.orchestrator.capacity.TrainerSupply.Need;
import pnas.orchestrator.capacity.Verdict.Deletion;
import pnas.orchestrator.trainer.Sign;

/**
 * The trainers that are Jobs of a Kubernetes cluster. Every round looks at the whole: what a watch missed, what somebody else did meanwhile, and what
 * failed is made up for by the next round.
 *
 * <p>Belongs to one thread.
 */
final class KubernetesTrainers implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KubernetesTrainers.class);

    /** The next round tries again what failed; a client that does so itself, as where a webhook times out, keeps this one from ending. */
    private static final RequestConfig ONCE =
            new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build();

    private final KubernetesClient client;
    private final String namespace;
    private final Rules rules;
    private final BooleanSupplier leads;
    private final ClusterWatch watch;
    private Unseen unseen = new Unseen();
    private Experience experience = new Experience();

    /**
     * Watches nothing yet.
     *
     * @param leads whether this process still decides, asked before each change
     * @param changed called where something changed that the next decision depends on, on a thread of the client
     */
    KubernetesTrainers(
            KubernetesClient client, String namespace, Rules rules, BooleanSupplier leads, Runnable changed) {
        this.client = client;
        this.leads = leads;
        this.namespace = namespace;
        this.rules = rules;
        this.watch = new ClusterWatch(client, namespace, rules.resource(), changed);
    }

    /**
     * Decides and does it.
     *
     * @param templates a Job for each engine
     * @return what was decided; empty while the cluster is not known yet
     * @throws NoNewsException where it is not known any more
     * @throws KubernetesClientException where the cluster does not answer or forbids something
     */
    Optional<Verdict> round(List<JobTemplate> templates, Need need, Instant now) {
        Optional<Sight> sight = watch.see(now);
        if (sight.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Sign> signs = need.signs();
        Cluster seen = sight.get().cluster();
        Cluster cluster = unseen.completed(
                new Cluster(
                        seen.nodes(),
                        seen.pods(),
                        seen.quotas(),
                        seen.jobs().stream()
                                .map(job -> job.knowing(seen.pods(), signs))
                                .toList()),
                now);
        Map<String, Long> trainings = need.trainings();
        List<Pool> pools = templates.stream()
                .map(template -> template.pool(rules.resource(), trainings.getOrDefault(template.engine(), 0L)))
                .toList();
        experience.keepOnly(templates.stream().map(JobTemplate::revision).collect(Collectors.toSet()));
        Knowledge knowledge = new Knowledge(need.busy(), signs, experience);
        Verdict verdict = Scaling.decide(cluster, pools, rules, knowledge, now);
        experience.addProven(verdict.proven());
        Map<String, Cluster.Job> byName =
                cluster.jobs().stream().collect(Collectors.toMap(Cluster.Job::name, job -> job, (one, other) -> one));
        verdict.delete()
                .forEach(deletion -> delete(
                        deletion,
                        byName.get(deletion.name()),
                        sight.get().versions().get(deletion.name())));
        return Optional.of(
                create(verdict, templates, now) ? verdict : Scaling.decide(cluster, pools, rules, knowledge, now));
    }

    /** Ends the watches and forgets what it knew: somebody else decides. */
    void rest() {
        watch.close();
        unseen = new Unseen();
        experience = new Experience();
    }

    @Override
    public void close() {
        watch.close();
    }

    /**
     * Deletes a Job as it was seen, unless a container of it has started meanwhile: what a watch shows is a little old, and without a fresh look a trainer
     * that works might go. One that changed meanwhile stays, and the next round looks at it again.
     */
    private void delete(Deletion deletion, Cluster.@Nullable Job job, @Nullable String version) {
        if (job == null || version == null || !leads.getAsBoolean()) {
            return; // Somebody else decides by now, or it was created a moment ago and is not shown yet.
        }
        try {
            if (hasStarted(deletion.name())) {
                LOG.debugf("trainer %s has started meanwhile and stays", deletion.name());
                return;
            }
            Job shown = new JobBuilder()
                    .withNewMetadata()
                    .withName(deletion.name())
                    .withNamespace(namespace)
                    .endMetadata()
                    .build();
            boolean isDeleted = !once(each ->
                            each.resource(shown).lockResourceVersion(version).delete())
                    .isEmpty();
            if (isDeleted) {
                experience.deleted(job.revision(), deletion);
                LOG.infof("trainer %s was deleted before it started: %s", deletion.name(), deletion.reason());
            }
        } catch (KubernetesClientException e) {
            passOver(e, "deleted", deletion.name());
        }
    }

    private <T> T once(Function<KubernetesClient, T> request) {
        return client.adapt(NamespacedKubernetesClient.class)
                .withRequestConfig(ONCE)
                .call(request::apply);
    }

    private boolean hasStarted(String job) {
        return client.pods().inNamespace(namespace).withLabel("job-name", job).list().getItems().stream()
                .anyMatch(KubernetesTrainers::hasStarted);
    }

    private static boolean hasStarted(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getPhase() != null
                && !pod.getStatus().getPhase().equals("Pending");
    }

    /** Returns whether the cluster took all of them. One that it refuses is no reason to ask for the next of its engine. */
    private boolean create(Verdict verdict, List<JobTemplate> templates, Instant now) {
        Map<String, JobTemplate> byEngine =
                templates.stream().collect(Collectors.toMap(JobTemplate::engine, template -> template));
        Set<String> refused = new HashSet<>();
        for (Verdict.Creation creation : verdict.create()) {
            if (leads.getAsBoolean()
                    && !refused.contains(creation.engine())
                    && !create(creation, Objects.requireNonNull(byEngine.get(creation.engine())), now)) {
                refused.add(creation.engine());
            }
        }
        return refused.isEmpty();
    }

    private boolean create(Verdict.Creation creation, JobTemplate template, Instant now) {
        try {
            var _ = once(each ->
                    each.resource(template.named(creation.name(), namespace)).create());
            unseen.created(creation, now);
            LOG.infof("trainer %s for engine %s was created", creation.name(), creation.engine());
        } catch (KubernetesClientException e) {
            if (e.getCode() >= HttpURLConnection.HTTP_BAD_REQUEST && !isPassedOver(e)) {
                String reason = ClusterReading.refusal(e);
                LOG.warnf("the Job %s was refused: %s", creation.name(), reason);
                experience.add(creation.revision(), new Setback(creation.name(), Setback.Kind.REFUSED, now, reason));
                return false;
            }
            passOver(e, "created", creation.name());
            if (!isTransient(e)) {
                unseen.created(creation, now);
            }
        }
        return true;
    }

    /** Whether a conflict is with another change, as that of a quota, and not with a Job of that name. */
    private static boolean isTransient(KubernetesClientException conflict) {
        return conflict.getStatus() != null
                && "Conflict".equals(conflict.getStatus().getReason());
    }

    /** Somebody was faster, or it changed: the next round knows. */
    private static void passOver(KubernetesClientException failure, String what, String name) {
        if (!isPassedOver(failure)) {
            throw failure;
        }
        LOG.debugf("trainer %s was not %s: %s", name, what, failure.getMessage());
    }

    private static boolean isPassedOver(KubernetesClientException failure) {
        return failure.getCode() == HttpURLConnection.HTTP_CONFLICT
                || failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }
}
