package pnas.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The command line of a Java process that runs on the same Java as this one. */
public final class JavaCommand {
    /**
     * What makes Java the same for every user: its language, whose digits and casing formats and comparisons would take otherwise, and the
     * encoding of text. Names of files follow the {@code LC_ALL} of {@link Program}.
     */
    public static final List<String> FIXED = List.of(
            "-Duser.language=en",
            "-Duser.country=US",
            "-Duser.script=",
            "-Duser.variant=",
            "-Duser.extensions=",
            "-Dfile.encoding=UTF-8",
            "-Dstdin.encoding=UTF-8",
            "-Dstdout.encoding=UTF-8",
            "-Dstderr.encoding=UTF-8");

    private JavaCommand() {}

    /**
     * The words of the command.
     *
     * @param javaOptions for the JVM, after those that each gets
     * @param program the class path and the class, or the jar, with the arguments
     */
    public static List<String> of(List<String> javaOptions, List<String> program) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(
                        Stream.of(java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                        FIXED.stream(),
                        temporaryFolder(System.getenv("TMPDIR")).stream(),
                        javaOptions.stream(),
                        program.stream())
                .flatMap(words -> words)
                .toList();
    }

    /** Java does not know of {@code TMPDIR} by itself. Where that is no folder to write to, Java's own place is taken. */
    static Optional<String> temporaryFolder(@Nullable String named) {
        return Optional.ofNullable(named)
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(folder -> Files.isDirectory(folder) && Files.isWritable(folder))
                .map(folder -> "-Djava.io.tmpdir=" + folder.toAbsolutePath());
    }
}
