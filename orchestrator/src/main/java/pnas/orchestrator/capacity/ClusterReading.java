package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.Affinity.Operator;
import pnas.orchestrator.capacity.Affinity.Requirement;
import pnas.orchestrator.capacity.Cluster.Course;
import pnas.orchestrator.capacity.Cluster.Effect;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Hold;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Quota;
import pnas.orchestrator.capacity.Cluster.Taint;
import pnas.orchestrator.capacity.Cluster.Toleration;

/** Kubernetes' objects in the words of the decision. */
final class ClusterReading {
    private static final String UNKNOWN_ENGINE = "";
    private static final Set<String> TOLD_OF = Set.of("Job", "Pod");
    /** That of the policies of eviction in the manifests. */
    private static final int OLDEST_MINOR = 27;

    /** Some clouds write {@code 31+}. */
    private static final Pattern LEADING_DIGITS = Pattern.compile("[0-9]{1,4}");

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
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
                trouble(pod),
                course(pod));
    }

    private static Course course(Pod pod) {
        PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), PodStatus::new);
        return new Course(
                status.getConditions().stream()
                        .filter(condition ->
                                "PodScheduled".equals(condition.getType()) && "True".equals(condition.getStatus()))
                        .map(condition -> instant(condition.getLastTransitionTime()))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                false,
                status.getContainerStatuses().stream()
                        .flatMap(container -> Stream.of(container.getState(), container.getLastState()))
                        .filter(Objects::nonNull)
                        .map(ClusterReading::startedAt)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null),
                instant(pod.getMetadata().getDeletionTimestamp()));
    }

    private static @Nullable Instant startedAt(ContainerState state) {
        if (state.getRunning() != null) {
            return instant(state.getRunning().getStartedAt());
        }
        return state.getTerminated() == null
                ? null
                : instant(state.getTerminated().getStartedAt());
    }

    private static @Nullable Instant instant(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Instant.parse(text);
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
        Map<String, String> labels =
                Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.<String, String>of());
        @Nullable Instant mayStartSince =
                job.getStatus() == null ? null : instant(job.getStatus().getStartTime());
        return new Cluster.Job(
                job.getMetadata().getName(),
                labels.getOrDefault(JobTemplate.ENGINE, UNKNOWN_ENGINE),
                labels.getOrDefault(JobTemplate.REVISION, ""),
                new Hold(
                        mayStartSince == null ? instant(job.getMetadata().getCreationTimestamp()) : mayStartSince,
                        job.getSpec() != null
                                && Boolean.TRUE.equals(job.getSpec().getSuspend()),
                        null),
                null,
                end(job).orElse(null));
    }

    /**
     * What was told of a Job or a pod.
     *
     * @param uid of the object that it is about
     * @param reason a word of the cluster, such as {@code FailedCreate}
     * @param message in the cluster's words
     * @param warns whether something went wrong
     * @param at when it was told last
     */
    record Happening(String uid, String reason, String message, boolean warns, Instant at) {}

    /** Empty for an event of anything else. */
    static Optional<Happening> happening(Event event) {
        ObjectReference about = event.getInvolvedObject();
        if (about == null || about.getUid() == null || !TOLD_OF.contains(String.valueOf(about.getKind()))) {
            return Optional.empty();
        }
        Instant at = Stream.of(
                        event.getLastTimestamp(),
                        event.getEventTime() == null
                                ? null
                                : event.getEventTime().getTime(),
                        event.getSeries() == null || event.getSeries().getLastObservedTime() == null
                                ? null
                                : event.getSeries().getLastObservedTime().getTime(),
                        event.getMetadata().getCreationTimestamp())
                .map(ClusterReading::instant)
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return Optional.of(new Happening(
                about.getUid(),
                Objects.requireNonNullElse(event.getReason(), ""),
                Wording.line(Objects.requireNonNullElse(event.getMessage(), "")),
                "Warning".equals(event.getType()),
                at));
    }

    /** The Job with what was told last of it: only an event says why no pod of it could be made. */
    static Cluster.Job told(Cluster.Job job, @Nullable Happening last) {
        if (last == null || !last.warns()) {
            return job;
        }
        return new Cluster.Job(
                job.name(),
                job.engine(),
                job.revision(),
                new Hold(job.hold().since(), job.hold().suspended(), last.message()),
                job.startedAt(),
                job.end());
    }

    /** The pod with what was told last of it. */
    static Cluster.Pod told(Cluster.Pod pod, @Nullable Happening last) {
        if (last == null || pod.phase() != Phase.PENDING) {
            return pod;
        }
        Course course = pod.course();
        return new Cluster.Pod(
                pod.name(),
                pod.node(),
                pod.phase(),
                pod.request(),
                pod.job(),
                pod.engine(),
                pod.trouble() == null && last.warns() ? last.message() : pod.trouble(),
                new Course(course.boundAt(), "Pulling".equals(last.reason()), course.startedAt(), course.goneBy()));
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
     * @throws IllegalArgumentException where an operator or a field is not known, with its path below the node affinity
     */
    static Optional<Affinity> affinity(PodSpec spec) {
        return Optional.ofNullable(spec.getAffinity())
                .map(affinity -> affinity.getNodeAffinity())
                .map(affinity -> affinity.getRequiredDuringSchedulingIgnoredDuringExecution())
                .map(required -> new Affinity(
                        numbered(required.getNodeSelectorTerms(), REQUIRED + ".nodeSelectorTerms", ClusterReading::term)
                                .toList()));
    }

    /** Each of a list is read with its path. */
    private static <T, R> Stream<R> numbered(List<T> all, String path, BiFunction<T, String, R> read) {
        return IntStream.range(0, all.size())
                .mapToObj(number -> read.apply(all.get(number), path + "[" + number + "]"));
    }

    private static Affinity.Term term(NodeSelectorTerm term, String path) {
        return new Affinity.Term(Stream.concat(
                        numbered(
                                term.getMatchExpressions(),
                                path + ".matchExpressions",
                                (each, itsPath) -> requirement(each.getKey(), each, itsPath)),
                        numbered(term.getMatchFields(), path + ".matchFields", ClusterReading::requirementOfTheName))
                .toList());
    }

    private static Requirement requirementOfTheName(NodeSelectorRequirement requirement, String path) {
        if (!"metadata.name".equals(requirement.getKey())) {
            throw new IllegalArgumentException(path + ".key must be metadata.name, got " + requirement.getKey());
        }
        return requirement(null, requirement, path);
    }

    private static Requirement requirement(@Nullable String label, NodeSelectorRequirement requirement, String path) {
        Operator operator = Arrays.stream(Operator.values())
                .filter(each -> each.toString().equals(requirement.getOperator()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(path + ".operator must be one of "
                        + Arrays.toString(Operator.values()) + ", got " + requirement.getOperator()));
        return new Requirement(label, operator, requirement.getValues());
    }

    private static Optional<Effect> effect(@Nullable String text) {
        return Arrays.stream(Effect.values())
                .filter(effect -> effect.text().equals(text))
                .findFirst();
    }

    /**
     * How much of a resource a pod takes, in thousandths, as the scheduler counts it: the most that runs at once of its containers, those beside them and
     * those before them, or what is said of the pod as a whole, and its overhead.
     */
    static long request(PodSpec spec, String resource) {
        long beside = 0;
        long before = 0;
        for (Container container : spec.getInitContainers()) {
            long own = request(container.getResources(), resource);
            if ("Always".equals(container.getRestartPolicy())) {
                // It goes on beside whatever comes after it.
                beside += own;
                before = Math.max(before, beside);
            } else {
                before = Math.max(before, beside + own);
            }
        }
        long together = spec.getContainers().stream()
                .mapToLong(container -> request(container.getResources(), resource))
                .sum();
        return ofPod(spec.getResources(), resource, Math.max(together + beside, before))
                + amount(spec.getOverhead(), resource);
    }

    /** What a pod as a whole requests takes the place of what its containers do; its limit alone only where they request nothing. */
    private static long ofPod(@Nullable ResourceRequirements pod, String resource, long ofContainers) {
        boolean maySay = resource.equals("cpu") || resource.equals("memory") || resource.startsWith("hugepages-");
        if (pod == null || !maySay) {
            return ofContainers;
        }
        if (pod.getRequests() != null && pod.getRequests().containsKey(resource)) {
            return amount(pod.getRequests(), resource);
        }
        return ofContainers > 0 ? ofContainers : amount(pod.getLimits(), resource);
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

    /** Says that a control plane is older than the manifests need; empty where it is not, or does not tell what it is. */
    static Optional<String> age(@Nullable String major, @Nullable String minor) {
        Matcher digits = LEADING_DIGITS.matcher(Objects.requireNonNullElse(minor, ""));
        return "1".equals(major) && digits.lookingAt() && Integer.parseInt(digits.group()) < OLDEST_MINOR
                ? Optional.of("the cluster has Kubernetes 1." + digits.group() + ", and this needs 1." + OLDEST_MINOR
                        + " or later")
                : Optional.empty();
    }

    /** Why the API server refused something, in its own words; or what happened to the request. */
    static String refusal(KubernetesClientException refused) {
        String message =
                refused.getStatus() == null ? null : refused.getStatus().getMessage();
        if (message == null || message.isBlank()) {
            Throwable cause = refused.getCause() == null ? refused : refused.getCause();
            message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        }
        return Wording.line(message);
    }
}
