package pnas.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.access.SocketTable.Connection;

class SocketTableTest {
    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0
               1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 12346 1 0000000000000000 20 4 30 10 -1
               2: 0100007F:C350 0100007F:1F90 01 00000000:00000000 02:000004B5 00000000  1001        0 12347 2 0000000000000000 20 4 30 10 -1
            1000: 0200A8C0:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 12348 2 0000000000000000 20 4 30 10 -1
            """;
    private static final String TCP6 = """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 22345 1 0000000000000000 100 0 0 10 0
               1: 0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F90 01 00000000:00000000 00:00000000 00000000  1003        0 22346 1 0000000000000000 20 4 30 10 -1
               2: 00000000000000000000000001000000:C350 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000 65534        0 22347 1 0000000000000000 20 4 30 10 -1
               3: B80D01200000000067452301EFCDAB89:C350 00000000000000000000000001000000:1F90 01 00000000:00000000 00:00000000 00000000  4294967294        0 22348 1 0000000000000000 20 4 30 10 -1
            """;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 50000, 127.0.0.1, 1001",
        "192.168.0.2, 50000, 127.0.0.1, 0",
        // An IPv6 socket that is connected by IPv4, as Java's are.
        "127.0.0.1, 50001, 127.0.0.1, 1003",
        "::1, 50000, ::1, 65534",
        "2001:db8::123:4567:89ab:cdef, 50000, ::1, 4294967294"
    })
    void tells_the_account_at_the_clients_end(String client, int port, String server, long account) throws Exception {
        Connection connection = connection(client, port, server);

        assertThat(clients(TCP + TCP6, connection)).isEqualTo(Map.of(connection, account));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 50002, 127.0.0.1",
        "127.0.0.2, 50000, 127.0.0.1",
        "::1, 50001, ::1",
        "127.0.0.1, 8080, 127.0.0.1"
    })
    void tells_nothing_of_a_connection_that_has_no_row(String client, int port, String server) throws Exception {
        assertThat(clients(TCP + TCP6, connection(client, port, server))).isEmpty();
    }

    @Test
    void tells_all_that_are_asked_for_in_one_reading() throws Exception {
        Connection one = connection("127.0.0.1", 50000, "127.0.0.1");
        Connection other = connection("::1", 50000, "::1");
        Connection gone = connection("::1", 50009, "::1");

        assertThat(clients(TCP + TCP6, one, other, gone)).isEqualTo(Map.of(one, 1001L, other, 65534L));
    }

    /** Once a socket is closed its row tells the account 0: that would make everybody root who hangs up at the right moment. */
    @ParameterizedTest
    @ValueSource(strings = {"02", "03", "04", "05", "06", "07", "08", "09", "0B", "0C"})
    void tells_nothing_of_a_client_that_closed_its_end_or_is_not_connected(String state) throws Exception {
        assertThat(clients(row(state, "0", "12347"), connection("127.0.0.1", 50000, "127.0.0.1")))
                .isEmpty();
    }

    @Test
    void tells_nothing_of_a_socket_that_no_process_has() throws Exception {
        assertThat(clients(row("01", "0", "0"), connection("127.0.0.1", 50000, "127.0.0.1")))
                .isEmpty();
    }

    @Test
    void tells_nothing_where_two_rows_tell_different_things() throws Exception {
        Connection connection = connection("127.0.0.1", 50000, "127.0.0.1");

        assertThat(clients(row("01", "0", "12347") + row("01", "1001", "12348"), connection))
                .isEmpty();
        assertThat(clients(row("01", "0", "12347") + row("06", "0", "0"), connection))
                .isEmpty();
        assertThat(clients(row("01", "7", "12347") + row("01", "7", "12347"), connection))
                .isEqualTo(Map.of(connection, 7L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ": ",
                "  2: 0100007F:C350 0100007F:1F90",
                "  2: 0100007F:C350 0100007F:1F90 ",
                "  2: 0100007F:C350 0100007F:1F90 01 00000000:00000000",
                "  2: 0100007F:C350 0100007F:1F90 01 0:0 0:0 0 root 0 12347 2",
                "  2: 0100007F:C350 0100007F:1F90 01 0:0 0:0 0 -1 0 12347 2",
                "  2: 0100007F:C350 0100007F:1F90 01 0:0 0:0 0 99999999999999999999 0 12347 2"
            })
    void tells_nothing_from_a_line_of_another_form(String line) throws Exception {
        assertThat(clients(line, connection("127.0.0.1", 50000, "127.0.0.1"))).isEmpty();
    }

    @Test
    void finds_every_place_of_thousands() throws Exception {
        List<Connection> connections = new ArrayList<>();
        StringBuilder table = new StringBuilder();
        for (int port = 20_000; port < 30_000; port++) {
            connections.add(connection("127.0.0.1", port, "127.0.0.1"));
            table.append("%4d: 0100007F:%04X 0100007F:1F90 01 0:0 0:0 0 %d 0 77 2%n".formatted(port, port, port));
        }
        Map<Connection, Long> accounts =
                SocketTable.clients(connections, table.toString().lines());

        assertThat(accounts).hasSize(connections.size());
        assertThat(accounts)
                .allSatisfy((connection, account) ->
                        assertThat(account).isEqualTo(connection.client().getPort()));
    }

    @Test
    void tells_who_listens_where_localhost_leads_to() {
        assertThat(SocketTable.listeners(8080, (TCP + TCP6).lines())).isEqualTo(Set.of(1000L, 1002L));
        assertThat(SocketTable.listeners(8081, (TCP + TCP6).lines())).isEmpty();
        // At 192.168.0.2 alone, and a connection that is no listener.
        assertThat(SocketTable.listeners(
                        8080,
                        Stream.of(
                                "0: 0200A8C0:1F90 00000000:0000 0A 0:0 0:0 0 1004 0 12345 1",
                                "1: 0100007F:1F90 0100007F:C350 01 0:0 0:0 0 1005 0 12346 1")))
                .isEmpty();
        assertThat(
                        SocketTable.listeners(
                                8080,
                                Stream.of(
                                        "0: 00000000:1F90 00000000:0000 0A 0:0 0:0 0 1006 0 12345 1",
                                        "0: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 0:0 0:0 0 1007 0 12345 1")))
                .isEqualTo(Set.of(1006L, 1007L));
    }

    private static String row(String state, String account, String inode) {
        return "   2: 0100007F:C350 0100007F:1F90 %s 00000000:00000000 00:00000000 00000000 %s        0 %s 2%n"
                .formatted(state, account, inode);
    }

    private static Map<Connection, Long> clients(String lines, Connection... connections) {
        return SocketTable.clients(List.of(connections), lines.lines());
    }

    private static Connection connection(String client, int port, String server) throws UnknownHostException {
        return new Connection(
                new InetSocketAddress(InetAddress.getByName(client), port),
                new InetSocketAddress(InetAddress.getByName(server), 8080));
    }
}
