package pnas.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import pnas.access.SocketTable.Connection;

/**
 * The accounts of this machine, as Linux's {@code /proc} tells them: this process's own, and whose sockets there are in its network namespace. Where there is
 * no {@code /proc}, nothing is told. May be used by several threads.
 *
 * @param proc {@code /proc}
 */
public record LocalAccounts(Path proc) {
    private static final long ROOT = 0;
    /** What stands for all accounts that a user namespace does not know, unless the system says otherwise. */
    private static final long NOBODY = 65534;

    /** Those of the machine that this runs on. */
    public static LocalAccounts ofThisMachine() {
        return new LocalAccounts(Path.of("/proc"));
    }

    /**
     * Whose connections may do all that this process may do.
     *
     * @param own the account of this process
     * @param nobody what stands for accounts that cannot be told apart here
     */
    public record Trust(OptionalLong own, long nobody) {
        /** Whether it has an account: its own and root, and never one that may stand for several. */
        public boolean has(long account) {
            return own.isPresent() && (account == own.getAsLong() || account == ROOT) && account != nobody;
        }
    }

    /** Whom this process trusts. */
    public Trust trust() {
        return new Trust(own(), nobody());
    }

    /** The account by whose rights this process acts. */
    private OptionalLong own() {
        // Real, effective, saved and that of the file system.
        return first(lines("self/status"), line -> line.startsWith("Uid:") ? line.split("\\s+")[2] : "");
    }

    private long nobody() {
        return first(lines("sys/kernel/overflowuid"), String::strip).orElse(NOBODY);
    }

    private static OptionalLong first(List<String> lines, Function<String, String> number) {
        return lines.stream()
                .map(number)
                .filter(text -> text.matches("[0-9]{1,10}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The accounts of the clients of some connections, as far as they can be {@linkplain SocketTable#clients told}. Reads each table of sockets once at most. */
    public Map<Connection, Long> clients(Collection<Connection> connections) {
        Map<Connection, Long> accounts = new HashMap<>(read(lines -> SocketTable.clients(connections, lines), "tcp"));
        // No connection stands in both tables, and each is dear to read, however few rows it has.
        List<Connection> others = connections.stream()
                .filter(connection -> !accounts.containsKey(connection))
                .toList();
        if (!others.isEmpty()) {
            accounts.putAll(read(lines -> SocketTable.clients(others, lines), "tcp6"));
        }
        return accounts;
    }

    /** The accounts whose servers listen where {@code localhost} may {@linkplain SocketTable#listeners lead to}. */
    public Set<Long> listeners(int port) {
        return Stream.of("tcp", "tcp6")
                .flatMap(table -> read(lines -> SocketTable.listeners(port, lines), table).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private <T> T read(Function<Stream<String>, T> answer, String table) {
        try (BufferedReader rows = table(table)) {
            return answer.apply(rows.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Line by line: with thousands of sockets it has megabytes. */
    private BufferedReader table(String name) {
        try {
            return Files.newBufferedReader(proc.resolve("net").resolve(name), StandardCharsets.ISO_8859_1);
        } catch (IOException noSuchTable) {
            return new BufferedReader(Reader.nullReader());
        }
    }
}
