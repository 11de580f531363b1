package pnas.testing;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.testcontainers.DockerClientFactory;

/** Whether tests may use containers. */
final class Docker {
    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    private Docker() {}

    /** Whether an engine answers. Asks it only if it may be there, as the client logs a stack trace for every place that it looks at. */
    static boolean isAvailable() {
        return (System.getenv("DOCKER_HOST") != null || answers(SOCKET))
                && DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }
}
