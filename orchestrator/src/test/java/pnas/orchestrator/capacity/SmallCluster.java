package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.api.model.EventBuilder;
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
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** An API server that keeps objects and tells of changes, with nodes and pods as a test wants them. */
public final class SmallCluster implements AutoCloseable {
    public static final String NAMESPACE = "pnas";

    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final KubernetesMockServer server;
    private final KubernetesClient client;

    SmallCluster() {
        Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
        server = new KubernetesMockServer(new Context(), new MockWebServer(), answers, new Guarded(answers), false);
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

    /** Answers as an API server does to those who lack a right. */
    private final class Guarded extends KubernetesMixedDispatcher {
        Guarded(Map<ServerRequest, Queue<ServerResponse>> answers) {
            super(answers);
        }

        @Override
        public MockResponse dispatch(RecordedRequest request) {
            String path = request.getPath();
            asked.add(path);
            boolean isForbidden = request.method() == HttpMethod.GET
                    && forbidden.contains(path.contains("?") ? path.substring(0, path.indexOf('?')) : path);
            return isForbidden
                    ? new MockResponse().setResponseCode(403).setBody("""
                            {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403, "reason": "Forbidden",
                             "message": "%s is forbidden: no rights"}""".formatted(path.replaceAll(".*/|\\?.*", "")))
                    : super.dispatch(request);
        }
    }

    /** The paths of all requests so far, with what follows them; a test may forget them. */
    Set<String> asked() {
        return asked;
    }

    /** Refuses to list and watch objects from now on; watches that are up stay so. */
    void forbid(String path) {
        forbidden.add(path);
    }

    void permitAll() {
        forbidden.clear();
    }

    /** Refuses to create one Job, for good reason. */
    void denyNextJob(String message) {
        server.expect()
                .post()
                .withPath("/apis/batch/v1/namespaces/" + NAMESPACE + "/jobs")
                .andReturn(403, """
                        {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403, "reason": "Forbidden",
                         "message": "%s"}""".formatted(message))
                .once();
    }

    /** An event about a Job, as the job controller tells of one. */
    void warn(String job, String message) {
        Job about = job(job);
        client.resource(new EventBuilder()
                        .withNewMetadata()
                        .withName(job + ".1")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withNewInvolvedObject()
                        .withKind("Job")
                        .withName(job)
                        .withUid(about.getMetadata().getUid())
                        .endInvolvedObject()
                        .withType("Warning")
                        .withReason("FailedCreate")
                        .withMessage(message)
                        .withLastTimestamp("2026-03-01T12:00:00Z")
                        .build())
                .create();
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
        place(job, node, "Running");
    }

    /** What they would do while the pod's image is missing. */
    void place(String job, String node, String phase) {
        Job made =
                client.batch().v1().jobs().inNamespace(NAMESPACE).withName(job).get();
        client.resource(new PodBuilder()
                        .withMetadata(made.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(podOf(job))
                        .withNamespace(NAMESPACE)
                        .addToLabels("job-name", job)
                        .endMetadata()
                        .withSpec(made.getSpec().getTemplate().getSpec())
                        .editSpec()
                        .withNodeName(node)
                        .endSpec()
                        .withNewStatus()
                        .withPhase(phase)
                        .endStatus()
                        .build())
                .create();
    }

    static String podOf(String job) {
        return job + "-abcde";
    }

    /** As the node controller marks a node whose kubelet is not heard. */
    void die(String node) {
        client.nodes()
                .withName(node)
                .edit(each -> new NodeBuilder(each)
                        .editStatus()
                        .editFirstCondition()
                        .withStatus("Unknown")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    public List<String> jobs() {
        return jobsIn(NAMESPACE);
    }

    List<String> jobsIn(String namespace) {
        return client.batch().v1().jobs().inNamespace(namespace).list().getItems().stream()
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
