package pnas.kubernetes;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule finds a manifest that breaks it and says what is wrong. */
class RuleTest {
    private static final Rendering LOCAL = Rendering.of("local");
    private static final Rendering GPU = Rendering.of("gpu");

    private record Broken(Rule rule, Rendering rendering, String breach) {}

    /** A change at a place of an object. */
    private interface Change {
        void in(ObjectNode parent);
    }

    private static final List<Broken> BROKEN = List.of(
            new Broken(
                    Rule.SELECTORS_MATCH,
                    at(
                            "Deployment",
                            "pnas-predictor",
                            "/spec/template/metadata/labels",
                            labels -> labels.put("app.kubernetes.io/name", "predictor")),
                    "Deployment pnas-predictor does not choose its own pods, which have the labels {\"app.kubernetes.io/name\":\"predictor\"}"),
            new Broken(
                    Rule.SELECTORS_MATCH,
                    at(
                            "Service",
                            "pnas-orchestrator",
                            "/spec/selector",
                            selector -> selector.put("app.kubernetes.io/name", "orchestrator")),
                    "Service pnas-orchestrator must choose the pods of 1 workload, got 0"),
            new Broken(
                    Rule.SELECTORS_MATCH,
                    at("PodDisruptionBudget", "pnas-orchestrator", "/spec", spec -> spec.put("minAvailable", 2)),
                    "PodDisruptionBudget pnas-orchestrator lets none of 2 pods be evicted: no node could be drained"),
            new Broken(
                    Rule.PORTS_RESOLVE,
                    at("Service", "pnas-orchestrator", "/spec/ports/0", port -> port.put("targetPort", "web")),
                    "Service pnas-orchestrator leads to the port 'web', which Deployment pnas-orchestrator has not"),
            new Broken(
                    Rule.PORTS_RESOLVE,
                    container("pnas-predictor", "/livenessProbe/httpGet", probe -> probe.put("port", "health")),
                    "a probe of Deployment pnas-predictor asks the port 'health', which it has not"),
            new Broken(
                    Rule.PORTS_RESOLVE,
                    container("pnas-predictor", "/ports/0", port -> port.put("containerPort", 8080)),
                    "Deployment pnas-predictor listens on port 8082, which no port of its container is"),
            new Broken(
                    Rule.REFERENCES_RESOLVE,
                    LOCAL.without("ConfigMap", "pnas-platform"),
                    "Deployment pnas-predictor names the ConfigMap pnas-platform, which is not there"),
            new Broken(
                    Rule.REFERENCES_RESOLVE,
                    LOCAL.without("PersistentVolumeClaim", "pnas-checkpoints"),
                    "Job pnas-trainer names the PersistentVolumeClaim pnas-checkpoints, which is not there"),
            new Broken(
                    Rule.REFERENCES_RESOLVE,
                    GPU.without("ServiceAccount", "pnas-orchestrator"),
                    "ClusterRoleBinding pnas-pnas names the ServiceAccount pnas-orchestrator, which is not there"),
            new Broken(
                    Rule.REFERENCES_RESOLVE,
                    container("pnas-orchestrator", "/env/0/valueFrom/secretKeyRef", key -> key.put("key", "user")),
                    "Deployment pnas-orchestrator names the key user of the Secret pnas-database-app, of which docs/how-to says nothing"),
            new Broken(
                    Rule.REFERENCES_RESOLVE,
                    container("pnas-predictor", "/volumeMounts/0", mount -> mount.put("name", "scratch")),
                    "Deployment pnas-predictor names the volume scratch, which it has not"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    container("pnas-predictor", "/resources/requests", requests -> requests.put("memory", "2100Mi")),
                    "Deployment pnas-predictor: memory: requests 2100Mi, limit 2Gi"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    container("pnas-predictor", "/resources/limits", limits -> limits.remove("cpu")),
                    "Deployment pnas-predictor: no cpu in limits"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    container(
                            "pnas-predictor", "/resources/requests", requests -> requests.remove("ephemeral-storage")),
                    "Deployment pnas-predictor: no ephemeral-storage in requests: a node that runs full would evict it first"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    trainerOfGpus("/resources/requests", requests -> requests.remove("nvidia.com/gpu")),
                    "Job pnas-trainer: nvidia.com/gpu must be the same in requests and limits"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    trainerOfGpus("/resources/limits", limits -> limits.put("memory", "14Gi")),
                    "Job pnas-trainer: PNAS_TRAINER_MEMORY_LIMIT is 14G, which leaves less than 400 MiB of 14Gi for the trainer itself"),
            new Broken(
                    Rule.RESOURCES_ARE_BOUNDED,
                    at(
                            "Deployment",
                            "pnas-predictor",
                            "/spec/template/spec/volumes/0/emptyDir",
                            volume -> volume.remove("sizeLimit")),
                    "Deployment pnas-predictor: the volume temporary has no sizeLimit"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    GPU.with("ClusterRole", "pnas-pnas", role -> ((ArrayNode) role.at("/rules/0/verbs")).add("delete")),
                    "the calls need of ClusterRoles {nodes=[list, watch], pods=[list, watch]}, granted are "
                            + "{nodes=[delete, list, watch], pods=[delete, list, watch]}"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    GPU.with(
                            "Role",
                            "pnas-orchestrator",
                            role -> ((ObjectNode) role.at("/rules/0"))
                                    .putArray("apiGroups")
                                    .add("")),
                    "jobs are not in the API groups [\"\"]"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    GPU.with(
                            "Deployment",
                            "pnas-orchestrator",
                            deployment -> ((ArrayNode) deployment.at("/spec/template/spec/containers/0/env"))
                                    .addObject()
                                    .put("name", "PNAS_CAPACITY_MODE")
                                    .put("value", "none")),
                    "the calls need of ClusterRoles {}, granted are {nodes=[list, watch], pods=[list, watch]}"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    pod("pnas-orchestrator", spec -> spec.put("automountServiceAccountToken", true)),
                    "Deployment pnas-orchestrator must have automountServiceAccountToken false"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    GPU.without("NetworkPolicy", "orchestrator-to-api-server"),
                    "the orchestrator must have a way to the API server"),
            new Broken(
                    Rule.ACCESS_IS_WHAT_IS_CALLED,
                    pod("pnas-predictor", spec -> spec.put("automountServiceAccountToken", true)),
                    "Deployment pnas-predictor must have automountServiceAccountToken false"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    at(
                            "Namespace",
                            "pnas",
                            "/metadata/labels",
                            labels -> labels.put("pod-security.kubernetes.io/enforce", "baseline")),
                    "Namespace pnas does not enforce the profile restricted"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    at(
                            "Deployment",
                            "pnas-predictor",
                            "/spec/template/spec/securityContext",
                            context -> context.put("runAsUser", 0)),
                    "Deployment pnas-predictor: runAsUser is not a user other than root"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    container(
                            "pnas-predictor",
                            "/securityContext",
                            context -> context.put("readOnlyRootFilesystem", false)),
                    "Deployment pnas-predictor: readOnlyRootFilesystem is not true"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    container(
                            "pnas-predictor",
                            "/securityContext/capabilities",
                            capabilities -> capabilities.remove("drop")),
                    "Deployment pnas-predictor: its capabilities are not dropped"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    at(
                            "Deployment",
                            "pnas-predictor",
                            "/spec/template/spec/volumes/0",
                            volume -> volume.putObject("hostPath").put("path", "/")),
                    "Deployment pnas-predictor: a volume is a hostPath"),
            new Broken(
                    Rule.PODS_ARE_RESTRICTED,
                    pod("pnas-predictor", spec -> spec.remove("enableServiceLinks")),
                    "Deployment pnas-predictor: enableServiceLinks is not false: a Service would become variables of its environment"),
            new Broken(
                    Rule.IMAGES_ARE_PINNED,
                    container("pnas-predictor", "", container -> container.put("image", "pnas/predictor:latest")),
                    "Deployment pnas-predictor: the image pnas/predictor:latest has neither a digest nor a tag other than latest"),
            new Broken(
                    Rule.IMAGES_ARE_PINNED,
                    container("pnas-predictor", "", container -> container.put("image", "pnas/oracle:1")),
                    "Deployment pnas-predictor: the image pnas/oracle:1 does not stand in images.properties"),
            new Broken(
                    Rule.GRACE_IS_LONG_ENOUGH,
                    GPU.with(
                            "Job",
                            "pnas-trainer",
                            job -> ((ObjectNode) job.at("/spec/template/spec"))
                                    .put("terminationGracePeriodSeconds", 30)),
                    "Job pnas-trainer: terminationGracePeriodSeconds must be at least 34, got 30"),
            new Broken(
                    Rule.VARIABLES_ARE_KNOWN,
                    at("ConfigMap", "pnas-platform", "/data", data -> data.put("PNAS_LEASE_DURATON", "60s")),
                    "Deployment pnas-predictor: PNAS_LEASE_DURATON does not stand in docs/generated/configuration.md"),
            new Broken(
                    Rule.VARIABLES_ARE_KNOWN,
                    at("ConfigMap", "pnas-platform", "/data", data -> data.put("KAFKA_SASL_MECHANISMS", "PLAIN")),
                    "Deployment pnas-predictor: KAFKA_SASL_MECHANISMS is no setting of Quarkus or of Kafka's clients"),
            new Broken(
                    Rule.VARIABLES_ARE_KNOWN,
                    at("ConfigMap", "pnas-platform", "/data", data -> data.put("KAFKA_SEND_BUFFER_BYTES", "1")),
                    "Deployment pnas-predictor: KAFKA_SEND_BUFFER_BYTES is not explained in docs/how-to"),
            new Broken(
                    Rule.CONTAINERS_ARE_PROBED,
                    container("pnas-predictor", "", container -> container.remove("livenessProbe")),
                    "Deployment pnas-predictor has no livenessProbe"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    LOCAL.without("NetworkPolicy", "default-deny"),
                    "no NetworkPolicy denies everything to every pod"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    LOCAL.without("NetworkPolicy", "orchestrator-to-postgres"),
                    "Deployment pnas-orchestrator may not reach pnas-postgres:5432"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    LOCAL.without("NetworkPolicy", "kafka-from-services"),
                    "no policy lets Job pnas-trainer in at pnas-kafka:9092"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    LOCAL.without("NetworkPolicy", "clients-to-orchestrator"),
                    "NetworkPolicy orchestrator-clients lets pods in that no policy lets out: {\"matchLabels\":{\"pnas.io/client\":\"true\"}}"),
            new Broken(
                    Rule.SELECTORS_MATCH,
                    at(
                            "PodDisruptionBudget",
                            "pnas-orchestrator",
                            "/spec",
                            spec -> spec.remove("unhealthyPodEvictionPolicy")),
                    "PodDisruptionBudget pnas-orchestrator keeps pods that are not ready on a node that is drained"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    LOCAL.without("NetworkPolicy", "names"),
                    "Deployment pnas-predictor cannot look up names"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    GPU.without("NetworkPolicy", "services-to-kafka"),
                    "Job pnas-trainer may not reach pnas-kafka-kafka-bootstrap.kafka.svc:9093"),
            new Broken(
                    Rule.NETWORK_IS_CLOSED_BUT_FOR_WHAT_IS_NEEDED,
                    at(
                            "NetworkPolicy",
                            "orchestrator-clients",
                            "/spec/podSelector/matchLabels",
                            labels -> labels.put("app.kubernetes.io/name", "orchestrator")),
                    "NetworkPolicy orchestrator-clients applies to no pod"),
            new Broken(
                    Rule.WORDS_ARE_OF_THEIR_LIST,
                    container("pnas-predictor", "", container -> container.put("imagePullPolicy", "IfAbsent")),
                    "Deployment pnas-predictor: imagePullPolicy has no word 'IfAbsent'"),
            new Broken(
                    Rule.WORDS_ARE_OF_THEIR_LIST,
                    GPU.with(
                            "Job",
                            "pnas-trainer",
                            job -> ((ObjectNode) job.at("/spec/template/spec")).put("restartPolicy", "Always")),
                    "Job pnas-trainer must say Never or OnFailure of restarts"));

    @TestFactory
    Stream<DynamicTest> a_rule_finds_what_breaks_it() {
        return BROKEN.stream()
                .map(broken -> dynamicTest(
                        broken.rule() + ": " + broken.breach(),
                        () -> assertThat(broken.rule().breaches(broken.rendering()))
                                .contains(broken.breach())));
    }

    @Test
    void every_rule_is_seen_to_find_something() {
        assertThat(BROKEN.stream().map(Broken::rule).collect(toSet())).isEqualTo(Set.of(Rule.values()));
    }

    @Test
    void the_schema_finds_unknown_fields_missing_ones_and_wrong_types() {
        assertThat(complaint(container -> container.put("imagePulPolicy", "Never")))
                .contains("imagePulPolicy");
        assertThat(complaint(container -> container.remove("name"))).contains("name");
        assertThat(complaint(container -> container.put("ports", "http"))).contains("JsonArray");
        ObjectNode other = GPU.get("Deployment", "pnas-predictor").deepCopy();
        other.put("apiVersion", "extensions/v1beta1");
        assertThat(Schema.complaint(other)).contains("no such kind: Deployment of extensions/v1beta1");
    }

    private static String complaint(Change change) {
        return Schema.complaint(container("pnas-predictor", "", change).get("Deployment", "pnas-predictor"))
                .orElse("");
    }

    private static Rendering at(String kind, String name, String place, Change change) {
        return LOCAL.with(kind, name, object -> change.in((ObjectNode) object.at(place)));
    }

    private static Rendering pod(String deployment, Change change) {
        return at("Deployment", deployment, "/spec/template/spec", change);
    }

    private static Rendering container(String deployment, String place, Change change) {
        return at("Deployment", deployment, "/spec/template/spec/containers/0" + place, change);
    }

    private static Rendering trainerOfGpus(String place, Change change) {
        return GPU.with(
                "Job",
                "pnas-trainer",
                job -> change.in((ObjectNode) job.at("/spec/template/spec/containers/0" + place)));
    }
}
