package pnas.system.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Gives each Job its pod, tells how the Job ended when the pod did, and removes what is not needed any more: a Job some time after its end, and the
 * pod of a Job that is gone. Jobs have one pod each and no second try, as those of trainers.
 */
final class JobController {
    /** Keeps a deleted pod until its end has been counted. */
    private static final String FINALIZER = "batch.kubernetes.io/job-tracking";

    private static final String JOB = "batch.kubernetes.io/job-name";

    private final KubernetesClient client;
    private final Pods pods;

    JobController(KubernetesClient client) {
        this.client = client;
        this.pods = new Pods(client);
    }

    void act() {
        List<Job> jobs = jobs();
        Map<String, Pod> podOf = pods.all().stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getLabels().get(JOB), Function.identity()));
        for (Job job : jobs) {
            Pod pod = podOf.remove(job.getMetadata().getName());
            if (isOver(job)) {
                if (pod != null && Pods.isDeleted(pod)) {
                    release(pod);
                } else if (isOutdated(job)) {
                    client.resource(job).delete();
                }
            } else if (pod == null) {
                start(job);
            } else if (Pods.isOver(pod)) {
                end(job, pod.getStatus().getPhase().equals("Succeeded"));
            } else if (Pods.isDeleted(pod) && !Pods.isBound(pod)) {
                pods.end(pod, false);
            }
        }
        podOf.values().forEach(this::remove);
    }

    List<Job> jobs() {
        return client.batch().v1().jobs().inNamespace(Cluster.NAMESPACE).list().getItems();
    }

    private void start(Job job) {
        String name = job.getMetadata().getName();
        client.resource(new PodBuilder()
                        .withMetadata(job.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(name + "-" + UUID.randomUUID().toString().substring(0, 5))
                        .withNamespace(Cluster.NAMESPACE)
                        .addToLabels(JOB, name)
                        .addToLabels("job-name", name)
                        .addToFinalizers(FINALIZER)
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .withNewStatus()
                        .withPhase("Pending")
                        .endStatus()
                        .build())
                .create();
        tell(job, status -> status.withStartTime(Instant.now().toString()).withActive(1));
    }

    private void end(Job job, boolean succeeded) {
        String now = Instant.now().toString();
        tell(
                job,
                status -> succeeded
                        ? status.withActive(0)
                                .withSucceeded(1)
                                .withCompletionTime(now)
                                .addNewCondition()
                                .withType("Complete")
                                .withStatus("True")
                                .withLastTransitionTime(now)
                                .endCondition()
                        : status.withActive(0)
                                .withFailed(1)
                                .addNewCondition()
                                .withType("Failed")
                                .withStatus("True")
                                .withReason("BackoffLimitExceeded")
                                .withMessage("Job has reached the specified backoff limit")
                                .withLastTransitionTime(now)
                                .endCondition());
    }

    private void tell(Job job, Function<JobStatusBuilder, JobStatusBuilder> change) {
        client.resource(job)
                .edit(each -> new JobBuilder(each)
                        .withStatus(change.apply(
                                        each.getStatus() == null
                                                ? new JobStatusBuilder()
                                                : new JobStatusBuilder(each.getStatus()))
                                .build())
                        .build());
    }

    /** The pod of a Job that is gone. */
    private void remove(Pod pod) {
        if (!Pods.isDeleted(pod)) {
            client.resource(pod).delete();
        } else if (Pods.isOver(pod) || !Pods.isBound(pod)) {
            release(pod);
        }
    }

    private void release(Pod pod) {
        pods.edit(
                pod, each -> each.editMetadata().removeFromFinalizers(FINALIZER).endMetadata());
    }

    static boolean isOver(Job job) {
        return job.getStatus() != null && !job.getStatus().getConditions().isEmpty();
    }

    private static boolean isOutdated(Job job) {
        return Instant.parse(job.getStatus().getConditions().getFirst().getLastTransitionTime())
                .plusSeconds(job.getSpec().getTtlSecondsAfterFinished())
                .isBefore(Instant.now());
    }
}
