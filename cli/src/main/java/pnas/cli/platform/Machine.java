package pnas.cli.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.process.Program;

/** Finds the facts about this machine. What cannot be found out counts as not there. */
public final class Machine {
    private static final int CONNECT_MILLIS = 1000;
    private static final long COMMAND_SECONDS = 10;
    /** What makes text bold or coloured on a terminal; Maven prints it wherever it prints. */
    private static final Pattern STYLE = Pattern.compile("\033\\[[0-9;]*m");

    private Machine() {}

    /**
     * The facts.
     *
     * @param home where the platform keeps its state
     * @param orchestrator who answers at the platform's address
     */
    public static Diagnosis.Facts look(Path home, Orchestrator orchestrator) {
        return new Diagnosis.Facts(
                Runtime.version(),
                Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "javac")),
                firstLine("mvn", "-v"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                processorFlags(),
                availableMemory(),
                space(home),
                glibc(),
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "setsid"))),
                tempIsExecutable(),
                Files.isWritable(Path.of("/dev/shm")) ? space(Path.of("/dev/shm")) : null,
                limits(),
                port(orchestrator),
                firstLine("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                built());
    }

    /** What the system lets the processes of this user have, as those that this one starts inherit it. */
    static Diagnosis.Limits limits() {
        boolean root = "root".equals(System.getProperty("user.name"));
        return new Diagnosis.Limits(
                // Java raises its own limit as far as it may, and the broker and the services are Java.
                limit("Max open files"),
                Math.min(root ? Long.MAX_VALUE : limit("Max processes"), processesOfContainer()));
    }

    /** The hard limit of a line of {@code /proc/self/limits}; no limit where there is no such line. */
    private static long limit(String name) {
        return lines(Path.of("/proc/self/limits")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+")[1])
                .filter(limit -> limit.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static long processesOfContainer() {
        return lines(Path.of("/sys/fs/cgroup/pids.max")).stream()
                .filter(limit -> limit.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static Set<String> processorFlags() {
        return lines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("flags"))
                .findFirst()
                .map(line -> Set.copyOf(Arrays.asList(
                        line.substring(line.indexOf(':') + 1).strip().split("\\s+"))))
                .orElse(Set.of());
    }

    private static long availableMemory() {
        return lines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }

    private static long space(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private static @Nullable String glibc() {
        String version = firstLine("getconf", "GNU_LIBC_VERSION");
        return version != null && version.toLowerCase(Locale.ROOT).startsWith("glibc") ? version : null;
    }

    private static boolean tempIsExecutable() {
        try {
            Path script = Files.createTempFile(
                    "pnas", ".sh", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                Files.writeString(script, "#!/bin/sh\necho runs\n");
                return "runs".equals(firstLine(script.toString()));
            } finally {
                Files.delete(script);
            }
        } catch (IOException e) {
            return false;
        }
    }

    private static Diagnosis.Port port(Orchestrator orchestrator) {
        URI url = orchestrator.url();
        String address = url.toString();
        int port = url.getPort() == -1 ? 80 : url.getPort();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Orchestrator.reached(url).getHost(), port), CONNECT_MILLIS);
        } catch (IOException e) {
            return new Diagnosis.Port.Free(address);
        }
        try {
            return orchestrator.answers() ? new Diagnosis.Port.Ours(address) : new Diagnosis.Port.Taken(address);
        } catch (CommandFailedException e) {
            return new Diagnosis.Port.Taken(address);
        }
    }

    /** When this program was built; the beginning of time where it is not packaged. */
    private static Instant built() {
        try {
            Path program = Path.of(Machine.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.getLastModifiedTime(program).toInstant();
        } catch (URISyntaxException | IOException e) {
            return Instant.EPOCH;
        }
    }

    /** The first line that a program prints; null where there is no such program or it fails. */
    private static @Nullable String firstLine(String... command) {
        try {
            Process process = Program.of(command).start(new Program.Errors.Discarded());
            process.getOutputStream().close();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String line = output.lines().findFirst().orElse("");
            return process.exitValue() == 0 ? STYLE.matcher(line).replaceAll("").strip() : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
