package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command by its launcher, as a container or a timer starts it: no variable names a language, so that Java takes no name beyond ASCII by itself, and
 * others are meant for other programs. Folder, state and names are in French. (The other system tests run in Turkish and in Arabic.)
 */
class AnyMachineTest {
    @TempDir
    private Path folder;

    @Test
    void a_search_runs_without_a_language_beside_variables_of_other_programs() throws Exception {
        Path checkout = checkOut(Files.createDirectories(folder.resolve("été à Orléans")));
        String url = "http://localhost:" + RunningPlatform.freePort();
        Run up = pnas(checkout, "up", "--trainers", "0", "--replay-trainers", "1", "--url", url);
        try {
            assertThat(up.status()).as(up.toString()).isZero();
            assertThat(up.out()).contains("KAFKA_SASL_MECHANISM, KAFKA_SECURITY_PROTOCOL, QUARKUS_DATASOURCE_JDBC_URL");
            assertThat(checkout.resolve(".pnas/platform.json")).exists();

            Run search = pnas(
                    checkout,
                    "search --watch --engine replay --replay-oracle-seed 1 --replay-seconds 0.1 --blocks 2 --beam 8",
                    "--operations",
                    "sep3x3, max3x3",
                    "--name",
                    "café",
                    "--url",
                    url);

            assertThat(search.status()).as(search.toString()).isZero();
            assertThat(search.out()).contains("0.8808");
            assertThat(pnas(checkout, "list", "--url", url).out()).contains("café");
        } finally {
            assertThat(pnas(checkout, "down", "--url", url).status()).isEqualTo(up.status());
        }
    }

    /** The launcher and what is built, and nothing to build anything from. */
    private static Path checkOut(Path folder) throws IOException {
        Files.copy(RunningPlatform.INSTALL.resolve("pnas"), folder.resolve("pnas"));
        Files.createFile(folder.resolve("pom.xml"));
        Files.createDirectories(folder.resolve("shared-model"));
        Files.createDirectories(folder.resolve("test-support"));
        Files.createFile(
                Files.createDirectories(folder.resolve("trainer-service")).resolve("pom.xml"));
        for (String module : List.of(
                "local-platform",
                "orchestrator",
                "predictor-service",
                "trainer-service/core",
                "trainer-service/vector")) {
            Files.createSymbolicLink(
                    Files.createDirectories(folder.resolve(module)).resolve("target"),
                    RunningPlatform.INSTALL.resolve(module).resolve("target"));
        }
        Path cli = Files.createDirectories(folder.resolve("cli/target"));
        for (String part : List.of("pnas-cli.jar", "lib")) {
            Files.createSymbolicLink(
                    cli.resolve(part),
                    RunningPlatform.INSTALL.resolve("cli/target").resolve(part));
        }
        Files.createFile(Files.createDirectories(folder.resolve("target")).resolve("built-platform"));
        Files.createFile(cli.resolve("built"));
        return folder;
    }

    private record Run(int status, String out, String err) {}

    private Run pnas(Path checkout, String words, String... more) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder program = new ProcessBuilder(Stream.of(
                                Stream.of(checkout.resolve("pnas").toString()),
                                Stream.of(words.split(" ")),
                                Stream.of(more))
                        .flatMap(each -> each)
                        .toList())
                .directory(checkout.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        program.environment().clear();
        program.environment()
                .putAll(Map.of(
                        "PATH", System.getenv("PATH"),
                        "JAVA_HOME", System.getProperty("java.home"),
                        "KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "KAFKA_SASL_MECHANISM", "PLAIN",
                        "QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql://database.invalid/other"));
        Process process = program.start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return new Run(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
