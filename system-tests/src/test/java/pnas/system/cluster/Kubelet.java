package pnas.system.cluster;

import static java.util.Objects.requireNonNull;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the pods of one node and tells how they fare. A pod that is deleted gets SIGTERM, and SIGKILL where it has not ended within its grace period. All
 * nodes are this machine, so that a pod has no address of its own and gets any free port. There are no probes, and no limits of memory and processor.
 */
final class Kubelet implements AutoCloseable {
    private final String node;
    private final KubernetesClient client;
    private final ContainerRuntime runtime;
    private final Path claims;
    private final Path folder;
    private final Pods pods;
    private final Map<String, Running> running = new HashMap<>();

    /**
     * A kubelet without pods.
     *
     * @param claims has a folder for each claim of a volume, which all nodes share
     * @param folder for logs, and for volumes that are a pod's own
     */
    Kubelet(String node, KubernetesClient client, ContainerRuntime runtime, Path claims, Path folder) {
        this.node = node;
        this.client = client;
        this.runtime = runtime;
        this.claims = claims;
        this.folder = folder;
        this.pods = new Pods(client);
    }

    /** A container that was started; killAt is set once it was asked to end. */
    private record Running(
            ContainerRuntime.Container container,
            Process process,
            @Nullable Instant killAt) {}

    void act() throws IOException {
        for (Pod pod : pods.all()) {
            if (node.equals(pod.getSpec().getNodeName()) && !Pods.isOver(pod)) {
                act(pod);
            }
        }
    }

    private void act(Pod pod) throws IOException {
        String name = pod.getMetadata().getName();
        Running container = running.get(name);
        if (container == null) {
            if (Pods.isDeleted(pod)) {
                pods.end(pod, false);
            } else {
                running.put(name, start(pod));
                pods.edit(pod, each -> each.editStatus().withPhase("Running").endStatus());
            }
        } else if (!container.process().isAlive()) {
            running.remove(name);
            pods.end(pod, container.process().exitValue() == 0);
        } else if (Pods.isDeleted(pod) && container.killAt() == null) {
            container.process().destroy();
            Duration grace = Duration.ofSeconds(pod.getSpec().getTerminationGracePeriodSeconds());
            running.put(
                    name,
                    new Running(
                            container.container(),
                            container.process(),
                            Instant.now().plus(grace)));
        } else if (container.killAt() != null && container.killAt().isBefore(Instant.now())) {
            runtime.kill(container.container(), container.process());
        }
    }

    private Running start(Pod pod) throws IOException {
        String name = pod.getMetadata().getName();
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, Path> volumes = new HashMap<>();
        for (Volume volume : pod.getSpec().getVolumes()) {
            volumes.put(volume.getName(), volume(pod, volume));
        }
        List<ContainerRuntime.Mount> mounts = container.getVolumeMounts().stream()
                .map((VolumeMount mount) -> new ContainerRuntime.Mount(
                        requireNonNull(volumes.get(mount.getName())),
                        mount.getMountPath(),
                        Boolean.TRUE.equals(mount.getReadOnly())))
                .toList();
        ContainerRuntime.Container started = new ContainerRuntime.Container(
                name, container.getImage(), environment(pod, container), mounts, folder.resolve(name + ".log"));
        return new Running(started, runtime.start(started), null);
    }

    private Map<String, String> environment(Pod pod, Container container) {
        Map<String, String> environment = new HashMap<>();
        container
                .getEnvFrom()
                .forEach(source -> environment.putAll(client.configMaps()
                        .inNamespace(Cluster.NAMESPACE)
                        .withName(source.getConfigMapRef().getName())
                        .require()
                        .getData()));
        for (EnvVar variable : container.getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValueFrom() == null ? variable.getValue() : value(pod, variable.getValueFrom()));
        }
        environment.put("QUARKUS_HTTP_PORT", "0");
        return environment;
    }

    private String value(Pod pod, EnvVarSource source) {
        if (source.getFieldRef() != null) {
            String field = source.getFieldRef().getFieldPath();
            if (field.equals("metadata.name")) {
                return pod.getMetadata().getName();
            }
            throw new IllegalArgumentException("the field " + field + " is not known");
        }
        return new String(
                Base64.getDecoder()
                        .decode(secret(source.getSecretKeyRef().getName())
                                .getData()
                                .get(source.getSecretKeyRef().getKey())),
                StandardCharsets.UTF_8);
    }

    private Secret secret(String name) {
        return client.secrets().inNamespace(Cluster.NAMESPACE).withName(name).require();
    }

    private Path volume(Pod pod, Volume volume) throws IOException {
        Path path = volume.getPersistentVolumeClaim() == null
                ? folder.resolve(pod.getMetadata().getName()).resolve(volume.getName())
                : claims.resolve(volume.getPersistentVolumeClaim().getClaimName());
        Files.createDirectories(path);
        // As a kubelet does by the group of the pod's files: any account that the container runs as may write.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
        if (volume.getSecret() != null) {
            Map<String, String> data =
                    secret(volume.getSecret().getSecretName()).getData();
            volume.getSecret()
                    .getItems()
                    .forEach(item -> write(path.resolve(item.getPath()), requireNonNull(data.get(item.getKey()))));
        }
        return path;
    }

    private static void write(Path file, String encoded) {
        try {
            Files.write(file, Base64.getDecoder().decode(encoded));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what still runs. */
    @Override
    public void close() throws IOException {
        for (Running container : running.values()) {
            runtime.kill(container.container(), container.process());
            container.process().onExit().join();
        }
    }
}
