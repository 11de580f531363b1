package pnas.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * TCP ports of the loopback address that stay the same over restarts, so that clients find a server again that was stopped and started.
 */
final class RememberedPorts {
    // Below the range from which Linux takes the ports of outgoing connections (from 32768): a client that keeps trying
    // to connect to a
    // stopped server on this machine may otherwise be given that very port, connect to itself and so take it.
    private static final int FIRST = 15_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;

    private RememberedPorts() {}

    /**
     * The ports that the file names, one a line, or as many free ones, which are then written to it. Ports that another program has
     * taken since are replaced.
     */
    static List<Integer> in(Path file, int count, RandomGenerator random) throws IOException {
        try {
            List<Integer> remembered =
                    Files.readAllLines(file).stream().map(Integer::valueOf).toList();
            if (remembered.size() == count && remembered.stream().allMatch(RememberedPorts::isFree)) {
                return remembered;
            }
        } catch (NoSuchFileException | NumberFormatException e) {
            // The first start, or a file that was cut off by a full disk: choose.
        }
        List<Integer> chosen = chooseFree(count, random);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, chosen.stream().map(String::valueOf).toList());
        return chosen;
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Integer> chooseFree(int count, RandomGenerator random) throws IOException {
        List<Integer> chosen = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS && chosen.size() < count; attempt++) {
            int port = random.nextInt(FIRST, END);
            if (!chosen.contains(port) && isFree(port)) {
                chosen.add(port);
            }
        }
        if (chosen.size() < count) {
            throw new IOException("no free port was found between " + FIRST + " and " + END);
        }
        return chosen;
    }
}
