package pnas.orchestrator.capacity;

import io.micrometer.core.instrument.Metrics;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An orchestrator that starts trainers in a small cluster. */
public final class ClusterResource implements QuarkusTestResourceLifecycleManager {
    private static @Nullable SmallCluster cluster;

    /** The cluster of the orchestrator that runs now. */
    public static SmallCluster cluster() {
        return Objects.requireNonNull(cluster);
    }

    @Override
    public Map<String, String> start() {
        forgetMeters();
        cluster = new SmallCluster();
        // News of nodes and of pods come in any order. The owner of a part of a node that a test adds is known before
        // it.
        cluster.other("training-of-somebody-else", "a", 4);
        try {
            Path template = Files.createTempFile("trainer-job", ".yaml");
            Files.writeString(template, KubernetesTrainersTest.TEMPLATE);
            return Map.of(
                    "pnas.capacity.mode",
                    "kubernetes",
                    // Longer than a test waits: what it waits for is an answer to a change.
                    "pnas.capacity.period",
                    "10m",
                    "pnas.capacity.job-template",
                    template.toString(),
                    "quarkus.kubernetes-client.namespace",
                    SmallCluster.NAMESPACE,
                    "quarkus.kubernetes-client.api-server-url",
                    cluster.url());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        cluster().close();
        forgetMeters();
    }

    /** The registry of meters outlives an application, and would keep those of the one before. */
    private static void forgetMeters() {
        Metrics.globalRegistry.clear();
    }
}
