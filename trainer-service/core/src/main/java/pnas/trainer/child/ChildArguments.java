package pnas.trainer.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import pnas.trainer.training.EngineSettings;

/**
 * The command line of a child.
 *
 * @param engine name of the engine to open
 * @param lease a child that hears nothing for this long stops its training
 */
record ChildArguments(String engine, Duration lease, EngineSettings settings) {
    List<String> toCommandLine() {
        return List.of(
                engine,
                lease.toString(),
                settings.device(),
                settings.checkpoints().toString(),
                settings.models().map(Path::toString).orElse(""),
                settings.tables().toString(),
                settings.data().toString(),
                settings.dataCache().toString(),
                Boolean.toString(settings.dataLinks()));
    }

    static ChildArguments parse(String[] arguments) {
        if (arguments.length != 9) {
            throw new IllegalArgumentException(
                    "expected engine, lease, device, checkpoints, models, tables, data, its cache and whether links lead out of it, got "
                            + String.join(" ", arguments));
        }
        return new ChildArguments(
                arguments[0],
                Duration.parse(arguments[1]),
                new EngineSettings(
                        arguments[2],
                        Path.of(arguments[3]),
                        Optional.of(arguments[4])
                                .filter(models -> !models.isEmpty())
                                .map(Path::of),
                        Path.of(arguments[5]),
                        Path.of(arguments[6]),
                        Path.of(arguments[7]),
                        Boolean.parseBoolean(arguments[8])));
    }
}
