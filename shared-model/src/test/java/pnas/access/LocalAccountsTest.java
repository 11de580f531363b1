package pnas.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.access.LocalAccounts.Trust;
import pnas.access.SocketTable.Connection;

class LocalAccountsTest {
    @TempDir
    private Path proc;

    @ParameterizedTest
    @CsvSource({
        "1000, 1000, true",
        "1000, 0, true",
        "1000, 1001, false",
        "1000, 65534, false",
        "0, 0, true",
        "0, 1000, false",
        // An account that stands for all that a user namespace does not know is nobody's own.
        "65534, 65534, false",
        "65534, 0, true"
    })
    void its_own_account_and_root_are_trusted_and_nobody_else(long own, long account, boolean trusted) {
        assertThat(new Trust(OptionalLong.of(own), 65534).has(account)).isEqualTo(trusted);
    }

    @Test
    void nobody_is_trusted_where_the_own_account_cannot_be_told() {
        assertThat(new Trust(OptionalLong.empty(), 65534).has(0)).isFalse();
        assertThat(new LocalAccounts(proc).trust().own()).isEmpty();
    }

    @Test
    void the_account_is_the_one_by_whose_rights_the_process_acts() throws IOException {
        Files.createDirectories(proc.resolve("self"));
        Files.writeString(
                proc.resolve("self/status"),
                "Name:\tjava\nUmask:\t0022\nUid:\t1000\t1001\t1002\t1001\nGid:\t5\t5\t5\t5\n");
        assertThat(new LocalAccounts(proc).trust()).isEqualTo(new Trust(OptionalLong.of(1001), 65534));

        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.writeString(proc.resolve("sys/kernel/overflowuid"), "1001\n");
        assertThat(new LocalAccounts(proc).trust().has(1001)).isFalse();
    }

    @Test
    void nothing_is_told_where_there_is_no_table() throws IOException {
        Connection connection = new Connection(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 2));

        assertThat(new LocalAccounts(proc).clients(List.of(connection))).isEmpty();
        assertThat(new LocalAccounts(proc).listeners(2)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void a_real_connection_is_told_as_long_as_its_client_holds_it(String address) throws IOException {
        LocalAccounts accounts = LocalAccounts.ofThisMachine();
        OptionalLong own = accounts.trust().own();
        assumeThat(own).as("the account of this process").isPresent();
        try (ServerSocket server = listening(address)) {
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                Connection connection =
                        new Connection((InetSocketAddress) accepted.getRemoteSocketAddress(), (InetSocketAddress)
                                accepted.getLocalSocketAddress());
                assertThat(accounts.clients(List.of(connection))).containsEntry(connection, own.getAsLong());
                assertThat(accounts.listeners(server.getLocalPort())).isEqualTo(Set.of(own.getAsLong()));
                client.shutdownOutput();
                assertThat(accounts.clients(List.of(connection))).isEmpty();
            }
        }
    }

    private static ServerSocket listening(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        } catch (SocketException e) {
            server.close();
            assumeThat(e).as("this machine has no " + address).isNull();
        }
        return server;
    }
}
