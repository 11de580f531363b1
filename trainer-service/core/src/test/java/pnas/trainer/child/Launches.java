package pnas.trainer.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import pnas.trainer.training.EngineSettings;

/** Launches of children that run the restless engine. */
final class Launches {
    static final Duration LONG = Duration.ofSeconds(60);

    private Launches() {}

    static ChildLaunch of(Path notes) {
        return of(RestlessEngineProvider.NAME, notes, LONG, LONG, OptionalLong.empty());
    }

    static ChildLaunch of(String engine, Path notes, Duration lease, Duration stallLimit, OptionalLong memoryLimit) {
        return new ChildLaunch(
                engine,
                new EngineSettings("cpu", notes, Optional.empty(), notes, notes, notes, false),
                lease,
                stallLimit,
                memoryLimit,
                List.of("-Xmx64m", "-XX:MaxDirectMemorySize=1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                Map.of());
    }
}
