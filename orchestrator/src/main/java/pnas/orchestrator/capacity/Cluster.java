package pnas.orchestrator.capacity;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.trainer.Sign;

/**
 * What is known of a cluster at one moment, as far as trainers are concerned. Amounts are thousandths of the resource that a trainer takes, since
 * processors are shared in fractions.
 *
 * @param nodes all nodes; absent where they may not be read
 * @param pods all pods of all namespaces, or those that may be read
 * @param quotas the limits of the trainers' namespace on the resource
 * @param jobs the trainers' Jobs, those that are over included
 */
@Decides
record Cluster(Optional<List<Node>> nodes, List<Pod> pods, List<Quota> quotas, List<Job> jobs) {
    /** A pod that should be gone may be late by so much. */
    private static final Duration OVERDUE = Duration.ofSeconds(30);

    Cluster {
        nodes = nodes.map(List::copyOf);
        pods = List.copyOf(pods);
        quotas = List.copyOf(quotas);
        jobs = List.copyOf(jobs);
    }

    /**
     * A machine.
     *
     * @param ready whether its kubelet reports that it takes pods
     * @param cordoned whether somebody closed it for new pods
     * @param allocatable how much of the resource it has for pods; 0 where it has none
     */
    record Node(
            String name,
            boolean ready,
            boolean cordoned,
            Map<String, String> labels,
            List<Taint> taints,
            long allocatable) {
        Node {
            labels = Map.copyOf(labels);
            taints = List.copyOf(taints);
            requireNatural("allocatable", allocatable);
        }
    }

    /** What keeps pods without a matching toleration off a node. */
    record Taint(String key, String value, Effect effect) {
        @Override
        public String toString() {
            return key + (value.isEmpty() ? "" : "=" + value) + ":" + effect.text();
        }
    }

    /** What a taint does. */
    enum Effect {
        /** No new pod. */
        NO_SCHEDULE("NoSchedule"),
        /** No new pod where another node will do. */
        PREFER_NO_SCHEDULE("PreferNoSchedule"),
        /** No new pod, and those that are there are evicted. */
        NO_EXECUTE("NoExecute");

        private final String text;

        Effect(String text) {
            this.text = text;
        }

        /** As Kubernetes writes it. */
        String text() {
            return text;
        }
    }

    /**
     * What makes a pod bear taints.
     *
     * @param key absent for every key
     * @param value the value that a taint must have; absent where any will do
     * @param effect absent for every effect
     */
    record Toleration(
            @Nullable String key,
            @Nullable String value,
            @Nullable Effect effect) {
        boolean tolerates(Taint taint) {
            return (key == null || key.equals(taint.key()))
                    && (value == null || value.equals(taint.value()))
                    && (effect == null || effect == taint.effect());
        }
    }

    /**
     * A pod of anybody.
     *
     * @param node where it was placed, absent while it is nowhere
     * @param phase how far it is
     * @param request how much of the resource it takes
     * @param job the trainers' Job that it belongs to, absent for all other pods
     * @param engine of that Job
     * @param trouble why it is not placed or does not start, in the cluster's words, or what its container left behind at its end, where that is said
     * @param course when what happened to it
     */
    record Pod(
            String name,
            @Nullable String node,
            Phase phase,
            long request,
            @Nullable String job,
            @Nullable String engine,
            @Nullable String trouble,
            Course course) {
        Pod {
            requireNatural("request", request);
        }

        boolean isBound() {
            return node != null && phase != Phase.OVER;
        }

        /** Whether it should have been gone for a while, so that its node seems not to do what it is told. */
        boolean isOverdue(Instant now) {
            return course.goneBy() != null && course.goneBy().plus(OVERDUE).isBefore(now);
        }
    }

    /**
     * When what happened to a pod, as far as it is told.
     *
     * @param boundAt when its node was chosen
     * @param pulling whether its image is being pulled, as the last that was told of it
     * @param startedAt when its container started
     * @param goneBy when it is to be gone, where somebody deletes it
     */
    record Course(
            @Nullable Instant boundAt,
            boolean pulling,
            @Nullable Instant startedAt,
            @Nullable Instant goneBy) {
        /** Nothing is told. */
        static final Course UNTOLD = new Course(null, false, null, null);
    }

    /** How far a pod is. */
    enum Phase {
        /** Its containers do not run yet. */
        PENDING,
        /** A container runs or did so. */
        RUNNING,
        /** All containers ended for good; it takes nothing any more. */
        OVER
    }

    /**
     * A limit of a namespace on the resource.
     *
     * @param hard how much all pods of the namespace may take together
     * @param used how much they take, pods that are placed nowhere included
     */
    record Quota(String name, long hard, long used) {
        Quota {
            requireNatural("hard", hard);
            requireNatural("used", used);
        }

        long room() {
            return Math.max(0, hard - used);
        }
    }

    /**
     * A Job that runs one trainer.
     *
     * @param revision of the template that it was made from; empty where it does not tell
     * @param hold what keeps it from having a pod
     * @param startedAt when its container started, absent where it did not, or that is not told
     * @param end how it ended, absent while it goes on
     */
    record Job(
            String name,
            String engine,
            String revision,
            Hold hold,
            @Nullable Instant startedAt,
            @Nullable End end) {
        /**
         * What is known of it besides: when its container started, the cause that its trainer left behind, and that a trainer which worked and then left
         * or went with its node did not fail, whatever the cluster calls it.
         *
         * @param pods all pods
         * @param signs of life, by the name of the pod
         */
        Job knowing(List<Pod> pods, Map<String, Sign> signs) {
            List<Pod> own = pods.stream().filter(pod -> name.equals(pod.job())).toList();
            @Nullable Instant started = own.stream()
                    .map(pod -> pod.course().startedAt())
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(startedAt);
            if (end == null || end.succeeded()) {
                return new Job(name, engine, revision, hold, started, end);
            }
            // Without its pod nobody knows when it started, but one that was heard did.
            boolean worked = signs.entrySet().stream()
                    .anyMatch(sign -> isPod(sign.getKey())
                            && (sign.getValue().left() || own.isEmpty())
                            && sign.getValue().able()
                            && hold.since() != null
                            && !sign.getValue().heardAt().isBefore(hold.since()));
            End known = own.stream()
                    .filter(pod -> pod.phase() == Phase.OVER && pod.trouble() != null)
                    .findFirst()
                    .map(pod -> new End(false, true, end.at(), String.valueOf(pod.trouble())))
                    .orElse(end);
            return new Job(
                    name,
                    engine,
                    revision,
                    hold,
                    started,
                    worked ? new End(true, false, end.at(), end.reason()) : known);
        }

        /** Names of earlier Jobs come again, and the names of their pods begin with them. */
        boolean isPod(String pod) {
            return pod.startsWith(name + "-") && pod.indexOf('-', name.length() + 1) < 0;
        }
    }

    /**
     * What keeps a Job from having a pod.
     *
     * @param since since when it may have one, absent where that is not told
     * @param suspended whether somebody holds it back, as a queue does
     * @param trouble why no pod of it could be made, in the cluster's words; absent where none is told
     */
    record Hold(
            @Nullable Instant since,
            boolean suspended,
            @Nullable String trouble) {
        /** Nothing does, as far as it is told. */
        static final Hold NONE = new Hold(null, false, null);
    }

    /**
     * How a Job ended.
     *
     * @param succeeded whether its trainer left in good order
     * @param unable whether its trainer said that it cannot train
     * @param at when
     * @param reason in its words, or in the cluster's
     */
    record End(boolean succeeded, boolean unable, Instant at, String reason) {}

    private static void requireNatural(String what, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException(what + " must be at least 0, got " + amount);
        }
    }
}
