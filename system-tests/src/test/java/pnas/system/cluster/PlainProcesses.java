package pnas.system.cluster;

import java.io.IOException;
import java.nio.file.Path;

/** Runs the application of an image as a process of this machine. It sees the machine's files, so its variables name a mount by where it really lies. */
record PlainProcesses(Path install) implements ContainerRuntime {
    @Override
    public Process start(Container container) throws IOException {
        ProcessBuilder process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-jar",
                        install.resolve(module(container.image()))
                                .resolve("target/quarkus-app/quarkus-run.jar")
                                .toString())
                .redirectErrorStream(true)
                .redirectOutput(container.log().toFile());
        container
                .environment()
                .forEach((name, value) -> process.environment().put(name, onThisMachine(value, container)));
        return process.start();
    }

    @Override
    public void kill(Container container, Process process) {
        process.destroyForcibly();
    }

    private static String module(String image) {
        if (image.startsWith("pnas/trainer-torch:")) {
            return "trainer-service/torch";
        }
        throw new IllegalArgumentException("no application is known for the image " + image);
    }

    private static String onThisMachine(String value, Container container) {
        return container.mounts().stream()
                .filter(mount -> value.equals(mount.target()))
                .map(mount -> mount.source().toString())
                .findFirst()
                .orElse(value);
    }
}
