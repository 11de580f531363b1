package pnas.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** Where the embedded servers of this test JVM keep their files: {@code target/test-servers/PID} of the module under test. */
final class TestDirectory {
    private static final Path ALL = Path.of("target", "test-servers").toAbsolutePath();

    private TestDirectory() {}

    /** The directory of one server. The files that earlier test JVMs left are removed first. */
    static Path of(String server) {
        try {
            Path own = ALL.resolve(String.valueOf(ProcessHandle.current().pid()));
            Files.createDirectories(own);
            for (Path directory : list(ALL)) {
                if (!isOfARunningProcess(directory)) {
                    PathUtils.deleteDirectory(directory);
                }
            }
            return Files.createDirectories(own.resolve(server));
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the test servers could not be prepared in " + ALL, e);
        }
    }

    /** PostgreSQL's programs, unpacked once for all tests of this machine's user. */
    static Path databaseBinaries() {
        return Path.of(System.getProperty("java.io.tmpdir"), "pnas-postgresql-" + System.getProperty("user.name"));
    }

    private static boolean isOfARunningProcess(Path directory) {
        long pid = Long.parseLong(directory.getFileName().toString());
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
