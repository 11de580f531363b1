package pnas.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another account of the machine can do to a platform that runs there: nothing. */
class AnotherAccountTest {
    @BeforeEach
    void requireAnotherAccount() throws Exception {
        AnotherAccount.requireOne();
    }

    @Test
    void is_let_in_neither_by_the_database_nor_by_the_broker_nor_by_its_controller(@TempDir Path folder)
            throws Exception {
        Path home = RunningPlatform.shared().home();
        List<String> broker = Files.readAllLines(home.resolve("kafka/ports"));

        AnotherAccount.End tries = AnotherAccount.java(
                folder,
                Intruder.class,
                Files.readString(home.resolve("postgres/port")).strip(),
                broker.getFirst(),
                broker.getLast());

        List<String> ends = tries.printed()
                .lines()
                .filter(line -> line.matches(".*: (DONE|refused .*)"))
                .toList();
        assertThat(ends).as(tries.printed()).hasSize(4 + 3 * 4).allMatch(line -> line.contains(": refused "));
        assertThat(ends.subList(0, 4)).allMatch(line -> line.contains("password authentication failed"));
        assertThat(ends).noneMatch(line -> line.contains("Connection refused"));
    }

    @Test
    void reads_no_file_of_the_home_and_finds_none_that_is_open_to_it() throws Exception {
        Path home = RunningPlatform.shared().home();
        List<String> files = lines(new ProcessBuilder("find", home.toString(), "-ignore_readdir_race", "-type", "f"));
        assertThat(files).hasSizeGreaterThan(100);

        AnotherAccount.End read = AnotherAccount.run(
                String.join("\n", files) + "\n",
                "sh",
                "-c",
                "while IFS= read -r file; do head -c 1 \"$file\" >/dev/null 2>&1 && echo \"$file\"; done; ls \"$1\" && echo listed",
                "sh",
                home.toString());

        assertThat(read.printed()).doesNotContain("listed").contains("Permission denied");
        assertThat(read.printed().lines()).hasSize(1);
        // Nor would it if the home itself were opened.
        assertThat(lines(new ProcessBuilder(
                        "find", home.toString(), "-ignore_readdir_race", "!", "-type", "l", "-perm", "/077")))
                .isEmpty();
    }

    @Test
    void puts_nothing_in_the_place_of_the_scripts_that_pages_load() throws Exception {
        RunningPlatform platform = RunningPlatform.shared();
        assertThat(platform.rest().text("/assets/charts.js")).contains("uPlot");

        String temporary = platform.temporary().toString();
        assertThat(lines(new ProcessBuilder("find", temporary, "-name", "charts.js")))
                .isNotEmpty();
        // Who may write to a folder can put another one in the place of what is in it.
        assertThat(lines(new ProcessBuilder(
                        "find",
                        temporary,
                        "-ignore_readdir_race",
                        "-mindepth",
                        "1",
                        "!",
                        "-type",
                        "l",
                        "-perm",
                        "/022")))
                .isEmpty();
    }

    @Test
    void finds_no_secret_in_a_command_line_an_environment_or_a_log() throws Exception {
        Path home = RunningPlatform.shared().home();
        Map<Path, String> secrets = secrets(home);
        assertThat(secrets).hasSizeGreaterThanOrEqualTo(4);

        String seen = AnotherAccount.run(
                        "", "sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'")
                .printed();

        assertThat(seen).contains("pnas.local.PlatformMain", "quarkus-run.jar", "pnas.local.KafkaServerMain");
        List<String> logged = new ArrayList<>();
        try (Stream<Path> logs = Files.list(home.resolve("logs"))) {
            for (Path log : logs.toList()) {
                logged.add(new String(Files.readAllBytes(log), StandardCharsets.UTF_8));
            }
        }
        assertThat(logged).hasSizeGreaterThan(5);
        secrets.forEach((file, secret) -> {
            assertThat(seen).as("the secret of %s", file).doesNotContain(secret);
            assertThat(logged).as("the secret of %s", file).noneMatch(text -> text.contains(secret));
        });
    }

    /** The content of every file that is there for a secret. */
    private static Map<Path, String> secrets(Path home) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("kafka", "postgres", "secrets")) {
            try (Stream<Path> found = Files.list(home.resolve(folder))) {
                found.filter(file -> folder.equals("secrets")
                                || file.getFileName().toString().endsWith("password"))
                        .forEach(files::add);
            }
        }
        Map<Path, String> secrets = new TreeMap<>();
        for (Path file : files) {
            String secret = Files.readString(file).strip();
            assertThat(secret).as("the secret of %s", file).hasSizeGreaterThan(20);
            secrets.put(file, secret);
        }
        return secrets;
    }

    private static List<String> lines(ProcessBuilder program) throws IOException {
        return program.start().inputReader(StandardCharsets.UTF_8).lines().toList();
    }
}
