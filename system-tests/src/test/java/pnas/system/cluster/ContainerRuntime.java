package pnas.system.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a kubelet runs containers with. */
public interface ContainerRuntime {
    /**
     * The one of this name.
     *
     * @param install the checkout that holds the built services
     */
    static ContainerRuntime of(String name, Path install) {
        return switch (name) {
            case "podman" -> new PodmanContainers();
            case "processes" -> new PlainProcesses(install);
            default -> throw new IllegalArgumentException("expected podman or processes, got " + name);
        };
    }

    /**
     * What a pod says of its container.
     *
     * @param name of the pod
     * @param environment its variables, all resolved
     * @param log gets what it prints
     */
    record Container(String name, String image, Map<String, String> environment, List<Mount> mounts, Path log) {}

    /** A directory of this machine at a place of the container. */
    record Mount(Path source, String target, boolean readOnly) {}

    /** Starts a container. The process stands for it: it passes SIGTERM on and ends with the container's exit status. */
    Process start(Container container) throws IOException;

    /** Ends a container that did not end in time. */
    void kill(Container container, Process process) throws IOException;
}
