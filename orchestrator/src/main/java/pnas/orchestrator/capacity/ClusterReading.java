package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Affinity.Operator;
import pnas.orchestrator.capacity.Affinity.Requirement;
import pnas.orchestrator.capacity.Cluster.Effect;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Quota;
import pnas.orchestrator.capacity.Cluster.Taint;
import pnas.orchestrator.capacity.Cluster.Toleration;

/** Kubernetes' objects in the words of the decision. */
final class ClusterReading {
    private static final String UNKNOWN_ENGINE = "";
    private static final Set<String> ORDINARY_WAITS = Set.of("ContainerCreating", "PodInitializing");

    private ClusterReading() {}

    static Cluster.Node node(Node node, String resource) {
        boolean ready = node.getStatus() != null
                && node.getStatus().getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
        boolean cordoned =
                node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
        List<Taint> taints = node.getSpec() == null
                ? List.of()
                : node.getSpec().getTaints().stream()
                        .flatMap(taint -> effect(taint.getEffect()).stream()
                                .map(effect -> new Taint(
                                        taint.getKey(), Objects.requireNonNullElse(taint.getValue(), ""), effect)))
                        .toList();
        return new Cluster.Node(
                node.getMetadata().getName(),
                ready,
                cordoned,
                Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of()),
                taints,
                node.getStatus() == null ? 0 : amount(node.getStatus().getAllocatable(), resource));
    }

    static Cluster.Pod pod(Pod pod, String resource, String namespace) {
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        boolean own = namespace.equals(pod.getMetadata().getNamespace())
                && labels.entrySet().containsAll(JobTemplate.MARK.entrySet());
        return new Cluster.Pod(
                pod.getMetadata().getName(),
                pod.getSpec().getNodeName(),
                phase(pod),
                request(pod.getSpec(), resource),
                own ? labels.getOrDefault("job-name", labels.get("batch.kubernetes.io/job-name")) : null,
                own ? labels.get(JobTemplate.ENGINE) : null,
                trouble(pod));
    }

    private static Phase phase(Pod pod) {
        @Nullable String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return switch (phase) {
            case "Succeeded", "Failed" -> Phase.OVER;
            case "Pending" -> Phase.PENDING;
            case null -> Phase.PENDING;
            // Unknown too: its node is not heard of, and it may go on there.
            default -> Phase.RUNNING;
        };
    }

    private static @Nullable String trouble(Pod pod) {
        if (pod.getStatus() == null) {
            return null;
        }
        Stream<String> unplaced = pod.getStatus().getConditions().stream()
                .filter(condition ->
                        "PodScheduled".equals(condition.getType()) && "False".equals(condition.getStatus()))
                .map(PodCondition::getMessage);
        List<ContainerState> states = pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getState)
                .filter(Objects::nonNull)
                .toList();
        Stream<String> waits = states.stream()
                .map(ContainerState::getWaiting)
                .filter(waiting -> waiting != null && !ORDINARY_WAITS.contains(waiting.getReason()))
                .map(ClusterReading::words);
        Stream<String> ended = states.stream()
                .map(ContainerState::getTerminated)
                .filter(Objects::nonNull)
                .map(ContainerStateTerminated::getMessage)
                .filter(message -> message != null && !message.isBlank());
        return Stream.of(unplaced, waits, ended)
                .flatMap(Function.identity())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static String words(ContainerStateWaiting waiting) {
        return waiting.getMessage() == null ? waiting.getReason() : waiting.getReason() + ": " + waiting.getMessage();
    }

    static Cluster.Job job(Job job) {
        @Nullable String startedAt = job.getStatus() == null ? null : job.getStatus().getStartTime();
        return new Cluster.Job(
                job.getMetadata().getName(),
                Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.<String, String>of())
                        .getOrDefault(JobTemplate.ENGINE, UNKNOWN_ENGINE),
                startedAt == null ? null : Instant.parse(startedAt),
                end(job).orElse(null));
    }

    private static Optional<End> end(Job job) {
        if (job.getStatus() == null) {
            return Optional.empty();
        }
        return job.getStatus().getConditions().stream()
                .filter(condition -> "True".equals(condition.getStatus())
                        && ("Complete".equals(condition.getType()) || "Failed".equals(condition.getType())))
                .findFirst()
                .map(ClusterReading::end);
    }

    private static End end(JobCondition condition) {
        return new End(
                "Complete".equals(condition.getType()),
                false,
                condition.getLastTransitionTime() == null
                        ? Instant.EPOCH
                        : Instant.parse(condition.getLastTransitionTime()),
                condition.getMessage() == null
                        ? Objects.requireNonNullElse(condition.getReason(), "no reason is told")
                        : condition.getMessage());
    }

    /** Empty where the quota does not limit the resource. */
    static Optional<Quota> quota(ResourceQuota quota, String resource) {
        if (quota.getStatus() == null || quota.getStatus().getHard() == null) {
            return Optional.empty();
        }
        return Stream.of("requests." + resource, resource)
                .filter(quota.getStatus().getHard()::containsKey)
                .findFirst()
                .map(name -> new Quota(
                        quota.getMetadata().getName(),
                        amount(quota.getStatus().getHard(), name),
                        amount(quota.getStatus().getUsed(), name)));
    }

    static List<Toleration> tolerations(PodSpec spec) {
        return spec.getTolerations().stream()
                .map(toleration -> new Toleration(
                        toleration.getKey() == null || toleration.getKey().isEmpty() ? null : toleration.getKey(),
                        "Exists".equals(toleration.getOperator())
                                ? null
                                : Objects.requireNonNullElse(toleration.getValue(), ""),
                        effect(toleration.getEffect()).orElse(null)))
                .toList();
    }

    /**
     * What a pod requires of its node beside the node selector.
     *
     * @throws IllegalArgumentException where an operator or a field is not known
     */
    static Optional<Affinity> affinity(PodSpec spec) {
        return Optional.ofNullable(spec.getAffinity())
                .map(affinity -> affinity.getNodeAffinity())
                .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(required -> new Affinity(required.getNodeSelectorTerms().stream()
                        .map(ClusterReading::term)
                        .toList()));
    }

    private static Affinity.Term term(NodeSelectorTerm term) {
        return new Affinity.Term(Stream.concat(
                        term.getMatchExpressions().stream().map(each -> requirement(each.getKey(), each)),
                        term.getMatchFields().stream().map(ClusterReading::requirementOfTheName))
                .toList());
    }

    private static Requirement requirementOfTheName(NodeSelectorRequirement requirement) {
        if (!"metadata.name".equals(requirement.getKey())) {
            throw new IllegalArgumentException("a field must be metadata.name, got " + requirement.getKey());
        }
        return requirement(null, requirement);
    }

    private static Requirement requirement(@Nullable String label, NodeSelectorRequirement requirement) {
        Operator operator = Arrays.stream(Operator.values())
                .filter(each -> each.toString().equals(requirement.getOperator()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("an operator must be one of "
                        + Arrays.toString(Operator.values()) + ", got " + requirement.getOperator()));
        return new Requirement(label, operator, requirement.getValues());
    }

    private static Optional<Effect> effect(@Nullable String text) {
        return Arrays.stream(Effect.values())
                .filter(effect -> effect.text().equals(text))
                .findFirst();
    }

    /**
     * How much of a resource a pod takes, in thousandths: its containers together and those beside them, or the largest of those that run before
     * them, whichever is more, and its overhead.
     */
    static long request(PodSpec spec, String resource) {
        long together = spec.getContainers().stream()
                .mapToLong(container -> request(container.getResources(), resource))
                .sum();
        long beside = spec.getInitContainers().stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()))
                .mapToLong(container -> request(container.getResources(), resource))
                .sum();
        long before = spec.getInitContainers().stream()
                .mapToLong(container -> request(container.getResources(), resource))
                .max()
                .orElse(0);
        return Math.max(together + beside, before) + amount(spec.getOverhead(), resource);
    }

    private static long request(@Nullable ResourceRequirements resources, String resource) {
        if (resources == null) {
            return 0;
        }
        Map<String, Quantity> requests = resources.getRequests();
        // A limit alone is a request too.
        return amount(requests != null && requests.containsKey(resource) ? requests : resources.getLimits(), resource);
    }

    private static long amount(@Nullable Map<String, Quantity> amounts, String resource) {
        @Nullable Quantity amount = amounts == null ? null : amounts.get(resource);
        return amount == null
                ? 0
                : amount.getNumericalAmount()
                        .multiply(BigDecimal.valueOf(Wording.ONE))
                        .setScale(0, RoundingMode.CEILING)
                        .longValue();
    }
}
