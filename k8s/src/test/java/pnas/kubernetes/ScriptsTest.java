package pnas.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code smoke.sh} says before it asks anything of a cluster. */
class SmokeScriptTest {
    private record Answer(int status, String errors) {}

    @Test
    void says_which_tool_is_missing(@TempDir Path path) throws Exception {
        for (String tool : List.of("dirname", "readlink")) {
            Files.createSymbolicLink(path.resolve(tool), program(tool));
        }
        assertThat(smoke(path.toString()))
                .isEqualTo(new Answer(2, "smoke: kubectl is missing: install it and run this again.\n"));
    }

    @Test
    void refuses_what_it_does_not_understand() throws Exception {
        assertThat(smoke(System.getenv("PATH"), "--quick"))
                .isEqualTo(new Answer(2, "smoke: unknown option '--quick': there are --keep and --timeout SECONDS.\n"));
        assertThat(smoke(System.getenv("PATH"), "--timeout", "5m"))
                .isEqualTo(new Answer(2, "smoke: --timeout must be a number of seconds, got '5m'.\n"));
    }

    private static Answer smoke(String path, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(
                        Stream.of(
                                program("bash").toString(),
                                Project.FOLDER.resolve("smoke.sh").toString()),
                        Stream.of(arguments))
                .toList());
        builder.environment().put("PATH", path);
        Process process =
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), errors);
    }

    private static Path program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
