package pnas.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine;
import pnas.cli.screen.Screen;

/** A command that ran within the test's process, and what it printed. */
public record CommandRun(int status, String out, String err) {
    /** Nobody looks at the output. */
    public static final Screen NO_SCREEN = new Screen(false, 80, false);

    public static CommandRun of(String... arguments) {
        return on(NO_SCREEN, Path.of("no-such-install"), arguments);
    }

    public static CommandRun on(Screen screen, Path install, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine =
                Pnas.commandLine(screen, install).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int status = commandLine.execute(arguments);
        return new CommandRun(status, out.toString(), err.toString());
    }

    /** A text beside this class. */
    public static String resource(String name) {
        try (InputStream stream = CommandRun.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
