package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** An API server that keeps objects and tells of changes, with nodes and pods as a test wants them. */
public final class SmallCluster implements AutoCloseable {
    public static final String NAMESPACE = "pnas";

    private final KubernetesMockServer server;
    private final KubernetesClient client;

    SmallCluster() {
        Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
        server = new KubernetesMockServer(
                new Context(), new MockWebServer(), answers, new KubernetesMixedDispatcher(answers), false);
        server.init();
        client = server.createClient();
    }

    KubernetesClient client() {
        return client;
    }

    int port() {
        return server.getPort();
    }

    String url() {
        return client.getMasterUrl().toString();
    }

    /** Refuses to list objects. */
    void forbid(String path) {
        server.expect().get().withPath(path).andReturn(403, "{}").always();
    }

    /** Refuses to create one Job, as where a quota changes at the same moment. */
    void refuseNextJob() {
        server.expect()
                .post()
                .withPath("/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs")
                .andReturn(409, "{\"kind\": \"Status\", \"code\": 409, \"reason\": \"Conflict\"}")
                .once();
    }

    public void node(String name, int gpus) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .withNewStatus()
                        .addToAllocatable("nvidia.com/gpu", new Quantity(Integer.toString(gpus)))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .create();
    }

    void cordon(String node) {
        client.nodes()
                .withName(node)
                .edit(each -> new NodeBuilder(each)
                        .editSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build());
    }

    /** A pod of somebody else that runs. */
    public void other(String name, String node, int gpus) {
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace("others")
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .addNewContainer()
                        .withName("main")
                        .withNewResources()
                        .addToLimits("nvidia.com/gpu", new Quantity(Integer.toString(gpus)))
                        .endResources()
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Running")
                        .endStatus()
                        .build())
                .create();
    }

    /** What the job controller, the scheduler and a kubelet would do: gives a Job its pod, which runs on a node. */
    void run(String job, String node) {
        Job made =
                client.batch().v1().jobs().inNamespace(NAMESPACE).withName(job).get();
        client.resource(new PodBuilder()
                        .withMetadata(made.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(job + "-abcde")
                        .withNamespace(NAMESPACE)
                        .addToLabels("job-name", job)
                        .endMetadata()
                        .withSpec(made.getSpec().getTemplate().getSpec())
                        .editSpec()
                        .withNodeName(node)
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Running")
                        .endStatus()
                        .build())
                .create();
    }

    public List<String> jobs() {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).list().getItems().stream()
                .map(job -> job.getMetadata().getName())
                .sorted()
                .toList();
    }

    Job job(String name) {
        return client.batch().v1().jobs().inNamespace(NAMESPACE).withName(name).require();
    }

    List<Pod> pods() {
        return client.pods().inNamespace(NAMESPACE).list().getItems();
    }

    @Override
    public void close() {
        client.close();
        server.destroy();
    }
}
