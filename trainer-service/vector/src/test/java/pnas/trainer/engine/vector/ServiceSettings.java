package pnas.trainer.engine.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** How the service starts the process that trains. */
final class ServiceSettings {
    private ServiceSettings() {}

    /** The options of its Java. */
    static List<String> javaOptions() {
        Properties settings = new Properties();
        try (var in = VectorEngine.class.getResourceAsStream("/application.properties")) {
            settings.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(settings.getProperty("pnas.trainer.child.java-options").split(","));
    }

    /** The command that starts a process with these options and the classes of this one; behind them come options of its own, its main class and arguments. */
    static List<String> java(String... rest) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(rest));
        return command;
    }
}
