package pnas.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program that is to run as a process of its own: the one place where processes are started. It gets the variables of this process that
 * {@link Inheritance} hands on, a language and an encoding that are the same for everyone, and on top of them what it is given here.
 */
public final class Program {
    /** English messages and UTF-8, also in the names of files; glibc has it wherever the engines run. */
    public static final Map<String, String> LANGUAGE = Map.of("LC_ALL", "C.UTF-8");

    private final List<String> command;
    private final Path directory;
    private final Map<String, String> environment;

    private Program(List<String> command, Path directory, Map<String, String> environment) {
        this.command = List.copyOf(command);
        this.directory = directory.toAbsolutePath();
        this.environment = Map.copyOf(environment);
    }

    /** What becomes of what it prints as errors. Its output is a pipe, and its input one that ends with this process. */
    public sealed interface Errors {
        /** A pipe of their own. */
        record Apart() implements Errors {}

        /** They come with the output. */
        record WithOutput() implements Errors {}

        /** Nobody sees them. */
        record Discarded() implements Errors {}

        /** They are added to a file. */
        record AppendedTo(Path file) implements Errors {}

        /** They, the output and the input are those of this process. */
        record Shown() implements Errors {}
    }

    public static Program of(String... command) {
        return of(List.of(command));
    }

    /** A program; a {@link JavaCommand} where it is one in Java. */
    public static Program of(List<String> command) {
        return new Program(command, Path.of(""), Map.of());
    }

    /** The same in a session of its own, which a Ctrl-C in the terminal of this one does not reach. */
    public Program inOwnSession() {
        return new Program(Stream.concat(Stream.of("setsid"), command.stream()).toList(), directory, environment);
    }

    /** The same in another directory than that of this process, for a program that cannot take every path. */
    public Program in(Path folder) {
        return new Program(command, folder, environment);
    }

    /** The same with more variables, whatever their names: these are meant for it. */
    public Program with(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(variables);
        return new Program(command, directory, all);
    }

    /** Starts it. */
    public Process start(Errors errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        // Removed one by one: what stays is handed on byte by byte, also where it is no text in any encoding.
        builder.environment().keySet().removeIf(name -> !Inheritance.isHandedOn(name));
        builder.environment().putAll(LANGUAGE);
        builder.environment().putAll(environment);
        switch (errors) {
            case Errors.Apart() -> builder.redirectError(Redirect.PIPE);
            case Errors.WithOutput() -> builder.redirectErrorStream(true);
            case Errors.Discarded() -> builder.redirectError(Redirect.DISCARD);
            case Errors.AppendedTo(Path file) -> builder.redirectError(Redirect.appendTo(file.toFile()));
            case Errors.Shown() -> builder.inheritIO();
        }
        return builder.start();
    }
}
