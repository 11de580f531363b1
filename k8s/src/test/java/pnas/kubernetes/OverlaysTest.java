package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.custom.Quantity;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every object of every overlay keeps to the schema and to all rules. */
class OverlaysTest {
    @TestFactory
    Stream<DynamicTest> overlays_keep_the_rules() {
        return Project.OVERLAYS.stream()
                .flatMap(overlay -> Arrays.stream(Rule.values())
                        .map(rule -> dynamicTest(
                                overlay + " " + rule,
                                () -> assertThat(rule.breaches(Rendering.of(overlay)))
                                        .isEmpty())));
    }

    @TestFactory
    Stream<DynamicTest> objects_keep_the_schema() {
        return Project.OVERLAYS.stream()
                .flatMap(overlay -> Rendering.of(overlay).objects().stream()
                        .map(object -> dynamicTest(
                                overlay + " " + Rendering.title(object),
                                () -> assertThat(Schema.complaint(object)).isEmpty())));
    }

    @Test
    void every_overlay_has_the_services_and_the_job_of_the_trainers() {
        assertThat(Project.OVERLAYS).allSatisfy(overlay -> {
            Rendering rendering = Rendering.of(overlay);
            assertThat(rendering
                            .get("Deployment", "pnas-orchestrator")
                            .at("/spec/replicas")
                            .asInt())
                    .isEqualTo(2);
            assertThat(rendering.find("Deployment", "pnas-predictor")).isPresent();
            assertThat(rendering.find("Job", "pnas-trainer")).isPresent();
        });
    }

    /** The cluster's own pods take about one processor and 1 GiB. */
    @Test
    void the_overlay_local_fits_a_node_of_four_processors_and_ten_gibibytes() {
        Rendering local = Rendering.of("local");
        assertThat(requested(local, "cpu")).isLessThanOrEqualTo(new BigDecimal("3"));
        assertThat(requested(local, "memory")).isLessThanOrEqualTo(new BigDecimal(9L << 30));
    }

    private static BigDecimal requested(Rendering rendering, String resource) {
        return rendering.workloads().stream()
                .filter(workload -> workload.object().at("/spec/replicas").isInt())
                .flatMap(workload -> workload.containers().stream()
                        .map(container -> Quantity.fromString(container
                                        .at("/resources/requests")
                                        .path(resource)
                                        .asText())
                                .getNumber()
                                .multiply(BigDecimal.valueOf(
                                        workload.object().at("/spec/replicas").asInt()))))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void a_rollout_is_given_up_no_sooner_than_up_does() {
        String up = Project.text(Project.FOLDER.resolve("up.sh"));
        int limit = Integer.parseInt(up.replaceAll("(?s).*\nlimit=(\\d+)\n.*", "$1"));
        assertThat(Project.OVERLAYS)
                .allSatisfy(overlay -> assertThat(Rendering.of(overlay).ofKind("Deployment"))
                        .allSatisfy(deployment -> assertThat(deployment
                                        .at("/spec/progressDeadlineSeconds")
                                        .asInt())
                                .isGreaterThanOrEqualTo(limit)));
    }

    @Test
    void what_belongs_to_the_whole_cluster_is_named_after_the_namespace() {
        for (String overlay : List.of("gpu", "gpu-kueue", "gpu-object-store")) {
            Rendering rendering = Rendering.of(overlay);
            assertThat(Stream.of("ClusterRole", "ClusterRoleBinding")
                            .flatMap(rendering::ofKind)
                            .map(Rendering::name))
                    .containsExactly("pnas-pnas", "pnas-pnas");
        }
    }

    /** A label of one cloud would choose no node of another. */
    @Test
    void trainers_for_gpus_choose_nodes_by_the_resource_alone() {
        for (String overlay : List.of("gpu", "gpu-kueue", "gpu-object-store")) {
            JsonNode pod = Rendering.of(overlay).get("Job", "pnas-trainer").at("/spec/template/spec");
            assertThat(pod.has("nodeSelector")).isFalse();
            assertThat(pod.at("/containers/0/resources/limits/nvidia.com~1gpu").asText())
                    .isEqualTo("1");
        }
    }

    @Test
    void trainers_for_processors_are_those_in_java_and_the_orchestrator_knows_before_there_are_any() {
        Rendering local = Rendering.of("local");
        Workload trainers = new Workload(local.get("Deployment", "pnas-trainer"));
        Workload template = new Workload(local.get("Job", "pnas-trainer"));
        assertThat(Stream.of(trainers, template)
                        .flatMap(workload -> workload.containers().stream())
                        .map(container -> container.path("image").asText()))
                .containsOnly(Project.images().getProperty("trainer-vector", "missing"));
        assertThat(template.object().at("/metadata/labels/pnas.engine").asText())
                .isEqualTo("vector");
        Workload orchestrator = new Workload(local.get("Deployment", "pnas-orchestrator"));
        assertThat(orchestrator.environment(orchestrator.containers().getFirst(), local))
                .contains(new Workload.Variable(
                        "PNAS_CAPACITY_LOCAL_VECTOR",
                        trainers.object().at("/spec/replicas").asText()));
    }

    @Test
    void a_trainer_reads_data_and_writes_checkpoints_and_models_where_its_variables_say() {
        assertThat(Project.OVERLAYS).allSatisfy(overlay -> {
            Rendering rendering = Rendering.of(overlay);
            Workload trainer = new Workload(rendering.get("Job", "pnas-trainer"));
            var container = trainer.containers().getFirst();
            for (String name : List.of("PNAS_DATA", "PNAS_DATA_CACHE", "PNAS_TRAINER_CHECKPOINTS", "PNAS_MODELS")) {
                String folder = trainer.environment(container, rendering).stream()
                        .filter(variable -> variable.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .value();
                assertThat(Workload.elements(container.path("volumeMounts"))
                                .filter(mount ->
                                        mount.path("mountPath").asText().equals(folder))
                                .map(mount -> mount.path("readOnly").asBoolean(false)))
                        .as("%s %s", overlay, name)
                        .containsExactly(name.equals("PNAS_DATA"));
            }
        });
    }

    @Test
    void the_template_for_kueue_is_the_one_for_gpus_with_the_label_of_its_queue() {
        ObjectNode plain = Rendering.of("gpu").get("Job", "pnas-trainer");
        ObjectNode queued = Rendering.of("gpu-kueue").get("Job", "pnas-trainer").deepCopy();
        assertThat(((ObjectNode) queued.at("/metadata/labels"))
                        .remove("kueue.x-k8s.io/queue-name")
                        .asText())
                .isEqualTo("pnas-trainers");
        assertThat(queued).isEqualTo(plain);
    }

    @Test
    void the_template_for_an_object_store_is_the_one_for_gpus_with_other_volumes_of_data() {
        ObjectNode plain = Rendering.of("gpu").get("Job", "pnas-trainer");
        ObjectNode fetching =
                Rendering.of("gpu-object-store").get("Job", "pnas-trainer").deepCopy();
        ObjectNode pod = (ObjectNode) fetching.at("/spec/template/spec");
        assertThat(volumes(fetching).toString()).contains("pnas-data-sources", "pnas-data-cache");
        pod.set("volumes", volumes(plain));
        assertThat(fetching).isEqualTo(plain);
    }

    private static JsonNode volumes(ObjectNode job) {
        return job.at("/spec/template/spec/volumes");
    }

    @Test
    void the_example_for_the_other_engine_is_the_template_for_gpus_with_its_name_its_label_and_its_image() {
        ObjectNode torch = Rendering.of("gpu").get("Job", "pnas-trainer");
        ObjectNode dl4j = Rendering.parse(
                        Project.text(Project.FOLDER.resolve("overlays/gpu/examples/dl4j-trainer-job.yaml")))
                .get("Job", "pnas-trainer-dl4j")
                .deepCopy();
        ((ObjectNode) dl4j.path("metadata")).put("name", "pnas-trainer");
        assertThat(((ObjectNode) dl4j.at("/metadata/labels"))
                        .remove("pnas.engine")
                        .asText())
                .isEqualTo("dl4j");
        ObjectNode container = (ObjectNode) dl4j.at("/spec/template/spec/containers/0");
        assertThat(Project.images().get("trainer-dl4j-cuda"))
                .isEqualTo(container.path("image").asText());
        container.set("image", torch.at("/spec/template/spec/containers/0/image"));
        assertThat(dl4j).isEqualTo(torch);
    }

    @TestFactory
    Stream<DynamicTest> plain_objects_of_the_examples_keep_the_schema() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(Project.FOLDER.resolve("overlays/gpu/examples"))) {
            files = found.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .flatMap(file -> Rendering.documents(Project.text(file)).stream()
                        // Of the kinds of operators there is no model here: they are only read.
                        .filter(
                                object -> !object.path("apiVersion")
                                        .asText()
                                        .matches(
                                                "(kafka\\.strimzi|postgresql\\.cnpg|kueue\\.x-k8s|monitoring\\.coreos)\\.(io|com)/.*"))
                        .map(object -> dynamicTest(
                                file.getFileName() + " " + Rendering.title(object),
                                () -> assertThat(Schema.complaint(object)).isEmpty())));
    }

    @Test
    void the_pod_that_fills_the_volume_of_data_keeps_the_rules_for_pods() {
        Rendering pod = Rendering.parse(Project.text(Project.FOLDER.resolve("overlays/gpu/examples/fill-data.yaml")));
        assertThat(Rule.PODS_ARE_RESTRICTED.breaches(pod)).isEmpty();
        assertThat(Rule.RESOURCES_ARE_BOUNDED.breaches(pod)).isEmpty();
        assertThat(Rule.IMAGES_ARE_PINNED.breaches(pod)).isEmpty();
    }

    @Test
    void the_examples_make_the_secrets_that_the_overlay_names() {
        List<String> made =
                Rendering.documents(Project.text(Project.FOLDER.resolve("overlays/gpu/examples/secrets.yaml"))).stream()
                        .flatMap(secret -> secret.path("stringData").properties().stream()
                                .map(entry -> Rendering.name(secret) + " " + entry.getKey()))
                        .toList();
        assertThat(made)
                .containsExactlyInAnyOrder(
                        "pnas-database-app username",
                        "pnas-database-app password",
                        "pnas-admin-key hash",
                        "pnas-kafka-user sasl.jaas.config",
                        "pnas-kafka-cluster-ca-cert ca.crt");
    }
}
