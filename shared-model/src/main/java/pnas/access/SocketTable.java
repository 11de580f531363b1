package pnas.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads whose the TCP sockets of this machine are from the lines of Linux's {@code /proc/net/tcp} and {@code /proc/net/tcp6}
 * (<a href="https://docs.kernel.org/networking/proc_net_tcp.html">their form</a>). Numbers are as a little-endian processor has them there; on another one
 * no socket is found.
 */
public final class SocketTable {
    private static final String ESTABLISHED = "01";
    private static final String LISTENING = "0A";
    /** The socket of a process that closed it, or has not accepted it yet: such a row tells the account 0, whose ever it was. */
    private static final String NO_INODE = "0";

    private static final String MAPPED = "0000000000000000FFFF0000";
    /** Where a browser or another client of this machine that looks for {@code localhost} may end. */
    private static final Set<String> REACHED_BY_LOCALHOST = Set.of(
            "0100007F",
            "00000000",
            MAPPED + "0100007F",
            MAPPED + "00000000",
            "00000000000000000000000001000000",
            "00000000000000000000000000000000");

    private SocketTable() {}

    /**
     * A connection to a server of this machine.
     *
     * @param client its end at the client
     * @param server its end at the server
     */
    public record Connection(InetSocketAddress client, InetSocketAddress server) {
        public Connection {
            if (client.isUnresolved() || server.isUnresolved()) {
                throw new IllegalArgumentException("both ends need an address, got " + client + " and " + server);
            }
        }

        /** The two ends as they stand in the row of the client's socket, in either table: one of IPv6 may have a connection by IPv4 too. */
        private List<String> pairs() {
            String from = end(client);
            String to = end(server);
            boolean mapped = client.getAddress() instanceof Inet4Address && server.getAddress() instanceof Inet4Address;
            return mapped ? List.of(from + " " + to, MAPPED + from + " " + MAPPED + to) : List.of(from + " " + to);
        }
    }

    /**
     * The accounts of the clients of some connections, by their numbers. A connection is left out whose client is on another machine or in another network
     * namespace, has closed it, even in part, or cannot be told for another reason.
     *
     * @param lines of one table or of both
     */
    public static Map<Connection, Long> clients(Collection<Connection> connections, Stream<String> lines) {
        Map<String, Connection> wanted = new HashMap<>();
        connections.forEach(connection -> connection.pairs().forEach(pair -> wanted.put(pair, connection)));
        Map<Connection, Long> accounts = new HashMap<>();
        Set<Connection> unclear = new HashSet<>();
        lines.forEach(line -> {
            Connection connection = wanted.get(pair(line));
            if (connection == null) {
                return;
            }
            long account = account(line, ESTABLISHED);
            Long other = account < 0 ? null : accounts.put(connection, account);
            // A row that moves while the table is read may stand there twice, and says the same.
            if (account < 0 || (other != null && other != account)) {
                unclear.add(connection);
            }
        });
        accounts.keySet().removeAll(unclear);
        return accounts;
    }

    /**
     * The accounts whose servers listen where {@code localhost} may lead to, by their numbers.
     *
     * @param lines of one table or of both
     */
    public static Set<Long> listeners(int port, Stream<String> lines) {
        String suffix = ":" + hexadecimal(port);
        return lines.filter(line -> {
                    String local = pair(line).split(" ", 2)[0];
                    return local.endsWith(suffix)
                            && REACHED_BY_LOCALHOST.contains(local.substring(0, local.length() - suffix.length()));
                })
                .map(line -> account(line, LISTENING))
                .filter(account -> account >= 0)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Local and remote address of a row; empty where the line is no row. */
    private static String pair(String line) {
        int start = line.indexOf(": ") + 2;
        int middle = line.indexOf(' ', start);
        int end = line.indexOf(' ', middle + 1);
        return start < 2 || middle < 0 || end < 0 ? "" : line.substring(start, end);
    }

    /** The account of a row in a state; negative where it is in another one, or no process has the socket. */
    private static long account(String line, String state) {
        // number, local, remote, state, queues, timer, retransmits, account, timeout, inode
        String[] fields = line.strip().split("\\s+", 11);
        boolean held = fields.length >= 10 && fields[3].equals(state) && !fields[9].equals(NO_INODE);
        return held && fields[7].matches("[0-9]{1,10}") ? Long.parseLong(fields[7]) : -1;
    }

    private static String end(InetSocketAddress end) {
        return hexadecimal(end.getAddress()) + ":" + hexadecimal(end.getPort());
    }

    /** Each four bytes are a number that the processor has with its last byte first. */
    private static String hexadecimal(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder text = new StringBuilder();
        for (int number = 0; number < bytes.length; number += 4) {
            for (int place = 3; place >= 0; place--) {
                text.append(String.format(Locale.ROOT, "%02X", bytes[number + place]));
            }
        }
        return text.toString();
    }

    private static String hexadecimal(int port) {
        return String.format(Locale.ROOT, "%04X", port);
    }
}
