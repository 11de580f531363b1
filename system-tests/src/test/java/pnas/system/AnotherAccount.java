package pnas.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Another account of this machine than the platform's, {@code nobody}, as whom a test runs programs. Only root can do that. */
final class AnotherAccount {
    static final int ID = 65_534;

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private AnotherAccount() {}

    /**
     * How a program ended.
     *
     * @param printed its standard output and error
     */
    record End(int status, String printed) {}

    /** Skips the test that calls it, with the reason, where no program can be run as another account. */
    static void requireOne() throws IOException, InterruptedException {
        int own = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assumeTrue(own == 0, "only root can run a program as another account");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "the program setpriv is missing");
        assumeTrue(run("", JAVA, "-version").status() == 0, "another account cannot run " + JAVA);
    }

    /** Runs a program to its end. */
    static End run(String input, String... command) throws IOException, InterruptedException {
        List<String> words =
                new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid=" + ID, "--regid=" + ID, "--clear-groups", "--"));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        Thread.ofPlatform().start(() -> write(process, input));
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), printed);
    }

    private static void write(Process process, String input) {
        try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
            writer.write(input);
        } catch (IOException e) {
            // It ended without reading all of it.
        }
    }

    /**
     * Runs a class of the tests that needs nothing but itself, the clients of Kafka and the driver of PostgreSQL.
     *
     * @param folder an empty folder, which this account is let into
     */
    static End java(Path folder, Class<?> program, String... arguments) throws IOException, InterruptedException {
        Path classes = Files.createDirectories(folder.resolve("pnas/system"));
        Path own = Path.of(URI.create(
                program.getProtectionDomain().getCodeSource().getLocation().toString()));
        try (Stream<Path> compiled = Files.list(own.resolve("pnas/system"))) {
            for (Path each : compiled.filter(
                            file -> file.getFileName().toString().startsWith(program.getSimpleName()))
                    .toList()) {
                Files.copy(each, classes.resolve(each.getFileName().toString()));
            }
        }
        try (Stream<Path> jars = Files.list(RunningPlatform.INSTALL.resolve("local-platform/target/lib"))) {
            for (Path jar : jars.filter(
                            each -> each.getFileName().toString().matches("(kafka-clients|postgresql|slf4j-api)-.*"))
                    .toList()) {
                Files.copy(jar, folder.resolve(jar.getFileName().toString()));
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.toList()) {
                Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        List<String> command = new ArrayList<>(
                List.of(JAVA, "-XX:TieredStopAtLevel=1", "-cp", folder + "/*:" + folder, program.getName()));
        command.addAll(List.of(arguments));
        return run("", command.toArray(String[]::new));
    }
}
