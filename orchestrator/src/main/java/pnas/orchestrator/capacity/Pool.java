package pnas.orchestrator.capacity;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import pnas.decision.Decides;
import pnas.orchestrator.capacity.Cluster.Effect;
import pnas.orchestrator.capacity.Cluster.Taint;
import pnas.orchestrator.capacity.Cluster.Toleration;

/**
 * The trainers of one engine, all alike, and what they have to do.
 *
 * @param engine what they train with
 * @param prefix how the names of their Jobs begin
 * @param request how much of the resource one of them takes, in thousandths
 * @param selector labels that their nodes have
 * @param affinity what else their nodes are like; absent where any will do
 * @param tolerations taints that they bear
 * @param trainings those that run or may be claimed
 * @param made how their Jobs are made
 */
@Decides
record Pool(
        String engine,
        String prefix,
        long request,
        Map<String, String> selector,
        Optional<Affinity> affinity,
        List<Toleration> tolerations,
        long trainings,
        Made made) {
    /**
     * How the Jobs of trainers are made.
     *
     * @param revision of their template: another one for each change of it
     * @param queued whether a queue of the cluster decides when each may start, for which all that are wanted must be there
     */
    record Made(String revision, boolean queued) {}

    Pool {
        selector = Map.copyOf(selector);
        tolerations = List.copyOf(tolerations);
        if (request < 1) {
            throw new IllegalArgumentException("request must be positive, got " + request);
        }
        if (trainings < 0) {
            throw new IllegalArgumentException("trainings must be at least 0, got " + trainings);
        }
    }

    /** Why none of these trainers is placed on a node, in words that follow its name; absent where they are. */
    Optional<String> objection(Cluster.Node node) {
        if (!node.ready()) {
            return Optional.of("is not ready");
        }
        if (node.cordoned()) {
            return Optional.of("is cordoned");
        }
        for (Map.Entry<String, String> label :
                selector.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
            if (!Objects.equals(node.labels().get(label.getKey()), label.getValue())) {
                return Optional.of("lacks the label " + label.getKey() + "=" + label.getValue());
            }
        }
        if (affinity.isPresent() && !affinity.get().isMetBy(node)) {
            return Optional.of("is not as the affinity of trainers requires (" + affinity.get() + ")");
        }
        return node.taints().stream()
                .filter(taint -> taint.effect() != Effect.PREFER_NO_SCHEDULE && !tolerates(taint))
                .findFirst()
                .map(taint -> "has the taint " + taint + ", which trainers do not tolerate");
    }

    private boolean tolerates(Taint taint) {
        return tolerations.stream().anyMatch(toleration -> toleration.tolerates(taint));
    }
}
