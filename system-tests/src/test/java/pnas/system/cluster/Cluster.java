package pnas.system.cluster;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.testing.Relay;

/** A cluster: its API server, and all that acts on the objects there, every half second and one after the other. */
public final class Cluster implements AutoCloseable {
    public static final String NAMESPACE = "pnas";
    static final String GPU = "nvidia.com/gpu";
    private static final long PERIOD_MILLIS = 500;

    /** The server tells of every request otherwise. Kept, since a logger that nobody has forgets its level. */
    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    private final ApiServer objects = new ApiServer();
    private final KubernetesMockServer server =
            new KubernetesMockServer(new Context(), new MockWebServer(), new HashMap<>(), objects, false);
    private final KubernetesClient client;
    private final Relay relay;
    private final JobController jobs;
    private final GpuScheduler scheduler;
    private final List<Kubelet> kubelets = new ArrayList<>();
    private final Map<String, String> nodeOf = new HashMap<>();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ContainerRuntime runtime;
    private final Path folder;
    private int most;
    private @Nullable Throwable defect;

    /**
     * A cluster without nodes.
     *
     * @param folder for volumes and logs
     */
    public Cluster(ContainerRuntime runtime, Path folder) {
        this.runtime = runtime;
        this.folder = folder;
        SERVER_LOG.setLevel(Level.WARNING);
        server.init();
        client = server.createClient();
        relay = new Relay(server.getPort());
        jobs = new JobController(client);
        scheduler = new GpuScheduler(client);
        var _ = loop.scheduleWithFixedDelay(this::act, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Where its users reach the API server: over connections that can be cut. */
    public String url() {
        return "http://localhost:" + relay.port();
    }

    private synchronized void act() {
        if (defect != null) {
            return;
        }
        try {
            jobs.act();
            most = Math.max(most, living().size());
            scheduler.act();
            for (Kubelet kubelet : kubelets) {
                kubelet.act();
            }
            living().stream()
                    .filter(Pods::isBound)
                    .forEach(pod -> nodeOf.put(
                            pod.getMetadata().getName(), pod.getSpec().getNodeName()));
        } catch (IOException | RuntimeException | Error e) {
            defect = e;
        }
    }

    /** Fails where a part of the cluster did. */
    private void requireSound() {
        if (defect != null) {
            throw new IllegalStateException("the cluster does not go on", defect);
        }
    }

    /** Adds a node as NVIDIA's operator leaves it: with a label, and a taint for pods that need no GPU. */
    public synchronized void addNode(String name, int gpus) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("nvidia.com/gpu.present", "true")
                        .endMetadata()
                        .withNewSpec()
                        .addNewTaint()
                        .withKey(GPU)
                        .withEffect("NoSchedule")
                        .endTaint()
                        .endSpec()
                        .withNewStatus()
                        .addToAllocatable(GPU, new Quantity(Integer.toString(gpus)))
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build())
                .create();
        kubelets.add(new Kubelet(name, client, runtime, folder.resolve("claims"), folder));
    }

    /** Closes a node for new pods, or opens it again. */
    public synchronized void cordon(String node, boolean closed) {
        client.nodes()
                .withName(node)
                .edit(each -> new NodeBuilder(each)
                        .editSpec()
                        .withUnschedulable(closed)
                        .endSpec()
                        .build());
    }

    /** Closes a node and asks its pods to leave, as {@code kubectl drain} does. */
    public synchronized void drain(String node) {
        cordon(node, true);
        living().stream()
                .filter(pod -> node.equals(pod.getSpec().getNodeName()))
                .forEach(pod -> client.resource(pod).delete());
    }

    public void addConfigMap(String name, Map<String, String> data) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }

    public void addSecret(String name, Map<String, String> data) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(data.entrySet().stream()
                                .collect(Collectors.toMap(
                                        Map.Entry::getKey,
                                        entry -> Base64.getEncoder()
                                                .encodeToString(entry.getValue().getBytes(StandardCharsets.UTF_8)))))
                        .build())
                .create();
    }

    /** The next requests of a kind, as {@code POST /apis/batch/v1/namespaces/pnas/jobs}, are answered by a conflict. */
    public void refuse(String request, int times) {
        objects.refuse(request, times);
    }

    /** Whether all that were to be refused have come. */
    public boolean hasRefusedAll() {
        return objects.hasRefusedAll();
    }

    /** Pods that have not ended. */
    public synchronized List<String> pods() {
        requireSound();
        return living().stream().map(pod -> pod.getMetadata().getName()).toList();
    }

    private List<Pod> living() {
        return new Pods(client).all().stream().filter(pod -> !Pods.isOver(pod)).toList();
    }

    /** Where a pod is or was placed. */
    public synchronized @Nullable String nodeOf(String pod) {
        return nodeOf.get(pod);
    }

    /** The most pods that there were at once. */
    public synchronized int most() {
        return most;
    }

    /** Whether no Job goes on. */
    public boolean areJobsOver() {
        return jobs.jobs().stream().allMatch(JobController::isOver);
    }

    /** Ends all connections of its users, their watches among them. Gives how many it were. */
    public int cutConnections() {
        return relay.cut();
    }

    @Override
    public void close() throws IOException {
        loop.shutdownNow();
        synchronized (this) {
            for (Kubelet kubelet : kubelets) {
                kubelet.close();
            }
        }
        relay.close();
        client.close();
        server.destroy();
    }
}
