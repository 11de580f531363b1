package pnas.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pnas.cli.platform.ExitStatus;

@Timeout(60)
class CompletionTest {
    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void write() throws IOException {
        CommandRun run = CommandRun.of("completion", "bash");
        assertThat(run.status()).isEqualTo(ExitStatus.DONE);
        script = Files.writeString(folder.resolve("completion.bash"), run.out());
    }

    @Test
    void bash_accepts_the_script() throws IOException, InterruptedException {
        assertThat(bash("-n", script.toString())).isEmpty();
    }

    @Test
    void completes_commands_and_options() throws IOException, InterruptedException {
        assertThat(complete("pnas sea")).isEqualTo("search");
        assertThat(complete("pnas search --bl")).isEqualTo("--blocks");
        assertThat(complete("pnas do").split(" ")).containsExactlyInAnyOrder("down", "doctor");
    }

    @Test
    void zsh_gets_a_script_too() {
        assertThat(CommandRun.of("completion", "zsh").out()).contains("bashcompinit");
    }

    /** What bash would offer for the last word of a line. */
    private String complete(String line) throws IOException, InterruptedException {
        // Bash has a working compopt only while it completes by itself.
        String ask = "source \"$1\"; compopt() { :; }; COMP_WORDS=($2); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _complete_pnas; echo \"${COMPREPLY[@]}\"";
        return bash("-c", ask, "bash", script.toString(), line).strip();
    }

    private static String bash(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = "bash";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
