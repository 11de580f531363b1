package pnas.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
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

    /** The accounts of the clients of some connections, as far as they can be {@linkplain SocketTable#clients told}. Reads the table of all sockets once. */
    public Map<Connection, Long> clients(Collection<Connection> connections) {
        return read(lines -> SocketTable.clients(connections, lines));
    }

    /** The accounts whose servers listen where {@code localhost} may {@linkplain SocketTable#listeners lead to}. */
    public Set<Long> listeners(int port) {
        return read(lines -> SocketTable.listeners(port, lines));
    }

    private <T> T read(Function<Stream<String>, T> answer) {
        try (BufferedReader four = table("tcp");
                BufferedReader six = table("tcp6")) {
            return answer.apply(Stream.concat(four.lines(), six.lines()));
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
