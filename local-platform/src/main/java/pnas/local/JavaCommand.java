package pnas.local;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command line of a Java process that runs on the same Java as this one. */
final class JavaCommand {
    private JavaCommand() {}

    static List<String> of(List<String> javaOptions, List<String> program) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(
                        Stream.of(java, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                        javaOptions.stream(),
                        program.stream())
                .flatMap(words -> words)
                .toList();
    }
}
