package pnas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands between a client and a server on this machine, and can cut all their connections. */
public final class Relay implements AutoCloseable {
    private final ServerSocket listening;
    private final int server;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

    /** Passes on to a port of this machine. */
    public Relay(int server) {
        this.server = server;
        try {
            listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Ends every connection there is; new ones are passed on. Returns how many it were. */
    public int cut() {
        int cut = connections.size() / 2;
        connections.forEach(Relay::close);
        return cut;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket onward = new Socket(InetAddress.getLoopbackAddress(), server);
                connections.add(client);
                connections.add(onward);
                Thread.ofVirtual().start(() -> pass(client, onward));
                Thread.ofVirtual().start(() -> pass(onward, client));
            } catch (IOException e) {
                // It was closed, or the server is gone: nobody is connected.
            }
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them ended it.
        } finally {
            close(from);
            close(to);
            connections.remove(from);
            connections.remove(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Relay::close);
    }
}
