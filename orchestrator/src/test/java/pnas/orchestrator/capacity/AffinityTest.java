package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.capacity.Cluster.Node;

class AffinityTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final List<Node> NODES = List.of(
            node("old", Map.of("gpu", "T4", "memory", "16")),
            node("new", Map.of("gpu", "H200", "memory", "141")),
            node("odd", Map.of("gpu", "H200", "memory", "much")),
            node("none", Map.of()));

    @Test
    void each_operator_chooses_the_nodes_that_kubernetes_chooses() {
        assertThat(chosen("{matchExpressions: [{key: gpu, operator: In, values: [H200, A100]}]}"))
                .containsExactly("new", "odd");
        assertThat(chosen("{matchExpressions: [{key: gpu, operator: NotIn, values: [H200]}]}"))
                .containsExactly("old", "none");
        assertThat(chosen("{matchExpressions: [{key: gpu, operator: Exists}]}")).containsExactly("old", "new", "odd");
        assertThat(chosen("{matchExpressions: [{key: gpu, operator: DoesNotExist}]}"))
                .containsExactly("none");
        assertThat(chosen("{matchExpressions: [{key: memory, operator: Gt, values: ['16']}]}"))
                .containsExactly("new");
        assertThat(chosen("{matchExpressions: [{key: memory, operator: Lt, values: ['141']}]}"))
                .containsExactly("old");
        assertThat(chosen("{matchFields: [{key: metadata.name, operator: In, values: [old, none]}]}"))
                .containsExactly("old", "none");
    }

    @Test
    void requirements_of_a_term_hold_together_and_one_term_is_enough() {
        assertThat(
                        chosen(
                                "{matchExpressions: [{key: gpu, operator: Exists}, {key: memory, operator: Gt, values: ['16']}], matchFields: [{key: metadata.name, operator: NotIn, values: [odd]}]}"))
                .containsExactly("new");
        assertThat(
                        chosen(
                                "{matchExpressions: [{key: gpu, operator: In, values: [T4]}]}, {matchFields: [{key: metadata.name, operator: In, values: [none]}]}"))
                .containsExactly("old", "none");
        assertThat(chosen("{}")).isEmpty();
    }

    @Test
    void says_what_is_wrong() {
        assertThatThrownBy(() -> chosen("{matchExpressions: [{key: gpu, operator: Like, values: [H]}]}"))
                .hasMessage(
                        "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].operator must be one of [In, NotIn, Exists, DoesNotExist, Gt, Lt], got Like");
        assertThatThrownBy(() -> chosen("{matchFields: [{key: spec.x, operator: In, values: [H]}]}"))
                .hasMessage(
                        "requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key must be metadata.name, got spec.x");
    }

    private static List<String> chosen(String terms) {
        PodSpec spec = YAML.unmarshal(
                "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: ["
                        + terms + "]}}}",
                PodSpec.class);
        Affinity affinity = Objects.requireNonNull(ClusterReading.affinity(spec).orElse(null));
        return NODES.stream().filter(affinity::isMetBy).map(Node::name).toList();
    }

    private static Node node(String name, Map<String, String> labels) {
        return new Node(name, true, false, labels, List.of(), 1000);
    }
}
