package pnas.system.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs images by podman, held as the manifests hold them: another user than root, nothing to write to but mounts, no capability. */
record PodmanContainers() implements ContainerRuntime {
    @Override
    public Process start(Container container) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "run",
                "--rm",
                "--pull=never",
                "--network=host",
                "--read-only",
                "--cap-drop=all",
                "--security-opt=no-new-privileges",
                "--user=10001:10001",
                // What podman asks for otherwise is more than it may have where it runs in a virtual machine or a
                // container itself.
                "--ulimit=nofile=20000:20000",
                "--ulimit=nproc=9000:9000",
                "--name=" + container.name()));
        container.environment().forEach((name, value) -> command.add("--env=" + name + "=" + value));
        container
                .mounts()
                .forEach(mount -> command.add(
                        "--volume=" + mount.source() + ":" + mount.target() + (mount.readOnly() ? ":ro" : "")));
        command.add(container.image());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(container.log().toFile())
                .start();
    }

    @Override
    public void kill(Container container, Process process) throws IOException {
        new ProcessBuilder("podman", "kill", "--signal=KILL", container.name())
                .inheritIO()
                .start()
                .onExit()
                .join();
    }
}
