package pnas.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** TCP ports of the loopback address on which nobody listens. */
public final class FreePorts {
    // Below the range from which Linux takes the ports of outgoing connections (from 32768). One of these may otherwise
    // be given a port before its server takes it, and a client that keeps trying to connect to a stopped server on this
    // machine that very port, to connect to itself.
    private static final int FIRST = 15_000;
    private static final int END = 32_000;
    private static final int ATTEMPTS = 1_000;
    private static final int CONNECT_MILLIS = 1_000;

    /** 127.0.0.1, which every machine has, whatever it takes {@code localhost} for. */
    static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    private FreePorts() {}

    /** Whether a server could listen on this port now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a server listens on this port now. Takes it from nobody, as {@link #isFree} does for a moment. */
    public static boolean isOpen(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LOOPBACK, port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Different ports that are free now.
     *
     * @throws IOException where there are not as many
     */
    public static List<Integer> choose(int count, RandomGenerator random) throws IOException {
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
