package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.system.cluster.Cluster;
import pnas.system.cluster.ContainerRuntime;

/**
 * Trainers that follow the GPUs of a cluster: two orchestrators with the shipped Job of the overlay {@code gpu}, nodes with four GPUs that are none, and
 * trainers that train on the processor. A command of its own ({@code ./pnas test --kubernetes}), since it takes minutes.
 */
class ClusterProof {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int EPOCHS = 8;
    private static final String LEASE = "12s";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void trainers_follow_the_gpus_through_conflicts_and_a_drain_and_back_to_none() throws Exception {
        try (Cluster cluster = cluster();
                RunningPlatform platform = platform(cluster)) {
            assertThat(cluster.pods()).isEmpty();

            Search disturbed = search(platform);
            cluster.refuse("POST /apis/batch/v1/namespaces/pnas/jobs", 3);
            await().atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> cluster.pods().size() == 4);
            cluster.refuse("PATCH /apis/coordination.k8s.io/v1/namespaces/pnas/leases/pnas-capacity", 2);
            assertThat(cluster.cutConnections()).as("watches that were dropped").isPositive();

            String cell = awaitTrainingPastTheFirstEpoch(disturbed, cluster, "gpu-a");
            cluster.drain("gpu-a");
            assertThat(cluster.cutConnections()).isPositive();
            JsonNode trial = await().atMost(PATIENCE)
                    .pollInterval(POLL)
                    .ignoreExceptions()
                    .until(
                            () -> disturbed.trial(cell),
                            each -> each.path("state").asText().equals("TRAINED"));
            requireResumedElsewhere(trial, cluster);
            cluster.cordon("gpu-a", false);
            Search.Findings found = disturbed.awaitCompletion(PATIENCE);
            awaitNoTrainers(cluster, platform);
            assertThat(folder.resolve("claims/pnas-models"))
                    .as("models")
                    .isDirectoryContaining(file -> file.endsWith(disturbed.id() + "-" + cell + ".safetensors"));

            // From nothing again, with nothing in between: the same to the last bit.
            Search undisturbed = search(platform);
            assertThat(undisturbed.awaitCompletion(PATIENCE)).isEqualTo(found);
            JsonNode again = undisturbed.trial(cell);
            assertThat(again.path("attempts")).hasSize(1);
            assertThat(again.path("accuracy").toString())
                    .isEqualTo(trial.path("accuracy").toString());
            awaitNoTrainers(cluster, platform);

            assertThat(cluster.hasRefusedAll()).as("every conflict was met").isTrue();
            assertThat(cluster.most()).as("the most trainers at once").isEqualTo(4);
        }
    }

    @Test
    void trainers_whose_volume_lacks_the_data_say_so_and_go() throws Exception {
        try (Cluster cluster = cluster();
                RunningPlatform platform = platform(cluster)) {
            // Where the orchestrators look, and not in the volume of the trainers.
            for (String kind : new String[] {"cats", "dogs"}) {
                Path images = Files.createDirectories(
                        platform.home().resolve("data/pets").resolve(kind));
                for (int number = 0; number < 20; number++) {
                    ImageIO.write(
                            new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY),
                            "png",
                            images.resolve(number + ".png").toFile());
                }
            }
            Search search = Search.submit(platform.rest(), """
                    {"dataset": "pets", "image": "8x8x1", "operations": ["max3x3"], "blocks": 1, "filters": 4, "seed": 7,
                     "training": {"epochs": 1, "batchSize": 8}}""");

            await().atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> !search.show().path("state").asText().equals("RUNNING"));
            assertThat(search.show().path("state").asText()).isEqualTo("FAILED");
            assertThat(search.trials("FAILED").getFirst().path("cause").asText())
                    .contains("there is no data set 'pets' in ");
            awaitNoTrainers(cluster, platform);
            assertThat(cluster.most()).as("trainers that were started").isLessThanOrEqualTo(3);
        }
    }

    private Cluster cluster() {
        String kubelet = System.getProperty("pnas.kubelet", "processes");
        System.out.println("kubelet: " + kubelet);
        Cluster cluster = new Cluster(ContainerRuntime.of(kubelet, RunningPlatform.INSTALL), folder);
        cluster.addNode("gpu-a", 2);
        cluster.addNode("gpu-b", 2);
        return cluster;
    }

    private RunningPlatform platform(Cluster cluster) throws IOException {
        RunningPlatform platform = RunningPlatform.start(
                Map.of(
                        "PNAS_CAPACITY_MODE",
                        "kubernetes",
                        "PNAS_CAPACITY_JOB_TEMPLATE",
                        template().toString(),
                        "QUARKUS_KUBERNETES_CLIENT_API_SERVER_URL",
                        cluster.url(),
                        "QUARKUS_KUBERNETES_CLIENT_NAMESPACE",
                        Cluster.NAMESPACE),
                "--orchestrators",
                "2",
                "--trainers",
                "0",
                "--lease",
                LEASE);
        Map<String, String> broker = platform.broker();
        cluster.addConfigMap(
                "pnas-platform",
                Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        broker.get("bootstrap.servers"),
                        "KAFKA_SECURITY_PROTOCOL",
                        broker.get("security.protocol"),
                        "KAFKA_SASL_MECHANISM",
                        broker.get("sasl.mechanism"),
                        "PNAS_LEASE_DURATION",
                        LEASE,
                        "PNAS_DATA",
                        "/var/lib/pnas/data",
                        "PNAS_DATA_CACHE",
                        "/var/lib/pnas/data-cache",
                        "PNAS_MODELS",
                        "/var/lib/pnas/models"));
        cluster.addSecret("pnas-kafka-user", Map.of("sasl.jaas.config", broker.get("sasl.jaas.config")));
        cluster.addSecret("pnas-kafka-cluster-ca-cert", Map.of("ca.crt", "not read without TLS"));
        return platform;
    }

    /** The Job of the overlay, on the processor instead of a GPU, and less patient. */
    private Path template() throws IOException {
        String shipped = Files.readString(RunningPlatform.INSTALL.resolve("k8s/overlays/gpu/trainer-job.yaml"));
        return Files.writeString(
                folder.resolve("trainer-job.yaml"),
                replace(
                        replace(
                                replace(shipped, "pnas/trainer-torch-cuda:", "pnas/trainer-torch:"),
                                "value: cuda:0",
                                "value: cpu"),
                        "value: 60s",
                        "value: 10s"));
    }

    private static String replace(String text, String what, String by) {
        assertThat(text).containsOnlyOnce(what);
        return text.replace(what, by);
    }

    private static Search search(RunningPlatform platform) throws Exception {
        return Search.submit(platform.rest(), """
                {"dataset": "digits", "operations": ["max3x3", "sep3x3"], "blocks": 2, "beam": 3,
                 "layout": "cifar", "repetitions": 1, "filters": 4, "seed": 7, "reuse": false,
                 "training": {"epochs": %d, "batchSize": 64, "learningRate": 0.05}}""".formatted(EPOCHS));
    }

    /** Waits for a training on a node that has a checkpoint and epochs to go, and gives its cell. */
    private static String awaitTrainingPastTheFirstEpoch(Search search, Cluster cluster, String node) {
        return await().atMost(PATIENCE)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(
                        () -> {
                            for (JsonNode running : search.trials("RUNNING")) {
                                JsonNode trial =
                                        search.trial(running.path("cellId").asText());
                                int epochs = trial.path("epochs").size();
                                if (node.equals(cluster.nodeOf(
                                                trial.path("worker").asText()))
                                        && epochs > 0
                                        && epochs < EPOCHS / 2) {
                                    return trial.path("cellId").asText();
                                }
                            }
                            return "";
                        },
                        cell -> !cell.isEmpty());
    }

    private static void requireResumedElsewhere(JsonNode trial, Cluster cluster) {
        JsonNode attempts = trial.path("attempts");
        assertThat(attempts).as(trial.toString()).hasSize(2);
        assertThat(attempts.path(0).path("outcome").asText()).isEqualTo("released");
        assertThat(cluster.nodeOf(attempts.path(0).path("worker").asText())).isEqualTo("gpu-a");
        assertThat(attempts.path(1).path("outcome").asText()).isEqualTo("trained");
        assertThat(cluster.nodeOf(attempts.path(1).path("worker").asText())).isEqualTo("gpu-b");
        // Nothing was trained twice: the second attempt took up what the first one left.
        assertThat(trial.path("epochs").findValuesAsText("epoch"))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, EPOCHS)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(trial.path("epochs").findValuesAsText("attempt")).contains("1", "2");
    }

    /** Waits until every pod has ended, each with a goodbye: none is missed only when its lease ends. */
    private static void awaitNoTrainers(Cluster cluster, RunningPlatform platform) {
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> cluster.pods().isEmpty() && cluster.areJobsOver());
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () -> Set.copyOf(platform.rest().get("/api/v1/workers").findValuesAsText("state")),
                        Set.of("LEFT")::equals);
    }
}
