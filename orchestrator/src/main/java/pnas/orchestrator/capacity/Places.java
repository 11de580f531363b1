package pnas.orchestrator.capacity;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Cluster.Quota;

/** The places for trainers that a cluster has, and that a decision takes one by one. */
@Decides
final class Places {
    private final Optional<List<Cluster.Node>> nodes;
    private final Map<String, Long> free = new HashMap<>();
    private final List<Quota> quotas;
    private final Rules rules;
    private long room;
    private int surge;
    private long taken;

    Places(Cluster cluster, Rules rules) {
        this.nodes = cluster.nodes();
        this.quotas = cluster.quotas();
        this.rules = rules;
        this.room = quotas.stream().mapToLong(Quota::room).min().orElse(Long.MAX_VALUE);
        this.surge = rules.surge();
        Map<String, Long> requested = cluster.pods().stream()
                .filter(Pod::isBound)
                .collect(
                        Collectors.groupingBy(pod -> String.valueOf(pod.node()), Collectors.summingLong(Pod::request)));
        // Node by node: what one has promised too much is not missing on another.
        nodes.ifPresent(all -> all.forEach(node ->
                free.put(node.name(), Math.max(0, node.allocatable() - requested.getOrDefault(node.name(), 0L)))));
    }

    /** Why there is no place. */
    enum Lack {
        /** No matching node has enough of the resource left. */
        NODES,
        /** The namespace's quota has not enough of it left. */
        QUOTA,
        /** Nothing says how many there are. */
        KNOWLEDGE
    }

    /**
     * Takes a place for one more trainer.
     *
     * @param hasPod whether its pod is there already, so that a quota counts it among what is used
     * @return why there is none; empty where it was taken
     */
    Optional<Lack> take(Pool pool, boolean hasPod) {
        if (pool.made().queued()) {
            // Its queue decides, and needs to see all that are wanted.
            taken++;
            return Optional.empty();
        }
        if (!hasPod && room < pool.request()) {
            return Optional.of(Lack.QUOTA);
        }
        if (nodes.isPresent()) {
            Optional<Cluster.Node> node = nodes.get().stream()
                    .filter(each ->
                            left(each) >= pool.request() && pool.objection(each).isEmpty())
                    .findFirst();
            if (node.isPresent()) {
                free.merge(node.get().name(), -pool.request(), Long::sum);
            } else if (surge > 0) {
                surge--;
            } else {
                return Optional.of(Lack.NODES);
            }
        } else if (quotas.isEmpty() && rules.maximum().isEmpty()) {
            return Optional.of(Lack.KNOWLEDGE);
        }
        if (!hasPod) {
            room -= pool.request();
        }
        taken++;
        return Optional.empty();
    }

    /** How many places were taken. */
    long taken() {
        return taken;
    }

    /** Why a pool gets no more of them, in words. */
    String words(Pool pool, Lack lack) {
        return switch (lack) {
            case NODES -> nodes(pool, nodes.orElseThrow());
            case QUOTA -> {
                Quota least = quotas.stream()
                        .min((one, other) -> Long.compare(one.room(), other.room()))
                        .orElseThrow();
                yield Wording.share(least.room(), least.hard(), rules) + " left in the ResourceQuota " + least.name()
                        + Wording.more(pool.request(), "a trainer takes %s");
            }
            case KNOWLEDGE ->
                "neither nodes nor a ResourceQuota with " + rules.resource()
                        + " can be read: set pnas.capacity.maximum";
        };
    }

    private String nodes(Pool pool, List<Cluster.Node> all) {
        List<Cluster.Node> owners =
                all.stream().filter(node -> node.allocatable() > 0).toList();
        if (owners.isEmpty()) {
            return "no node has " + rules.resource()
                    + (rules.surge() > 0 ? "" : "; for a node autoscaler that adds one, set pnas.capacity.autoscaler");
        }
        Map<String, String> objections = new LinkedHashMap<>();
        owners.forEach(node -> pool.objection(node).ifPresent(objection -> objections.put(node.name(), objection)));
        List<Cluster.Node> matching = owners.stream()
                .filter(node -> !objections.containsKey(node.name()))
                .toList();
        if (matching.isEmpty()) {
            return (owners.size() == 1 ? "the only node" : "none of the " + owners.size() + " nodes") + " with "
                    + rules.resource() + (owners.size() == 1 ? " takes no trainers: " : " takes trainers: ")
                    + Wording.nodes(objections);
        }
        return Wording.share(
                        matching.stream().mapToLong(this::left).sum(),
                        matching.stream().mapToLong(Cluster.Node::allocatable).sum(),
                        rules)
                + " free on matching nodes"
                + Wording.more(pool.request(), "a trainer takes %s on one node")
                + (objections.isEmpty() ? "" : "; " + Wording.nodes(objections));
    }

    private long left(Cluster.Node node) {
        return free.getOrDefault(node.name(), 0L);
    }
}
