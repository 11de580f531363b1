package pnas.local;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real service of its own for the tests of the supervisor: prints what it was told, answers the health page where it was given a port,
 * and runs until it is ended; or ends at once where the home directory says so.
 */
final class TinyService {
    private TinyService() {}

    public static void main(String[] arguments) throws Exception {
        System.getenv().forEach((name, value) -> {
            if (name.matches("(PNAS|KAFKA|QUARKUS|JAVA|LC|OMP)_.*")) {
                System.out.println(name + "=" + value);
            }
        });
        String checkpoints = System.getenv("PNAS_TRAINER_CHECKPOINTS");
        // In the value of a setting two dollars stand for one.
        if (checkpoints != null && Files.exists(Path.of(checkpoints.replace("$$", "$"), "trainers-end-at-once"))) {
            System.exit(3);
        }
        int port = Integer.parseInt(
                System.getenv().getOrDefault("QUARKUS_MANAGEMENT_PORT", System.getenv("QUARKUS_HTTP_PORT")));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("serving");
    }
}
