package pnas.trainer.engine.vector;

import java.io.IOException;
import java.io.UncheckedIOException;
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
}
