package pnas.orchestrator.trial;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.util.Optional;

/** The models of finished trainings. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.models")
public interface ModelConfiguration {
    /** Directory into which trainers put the weights of each finished training; read only, to hand them out. None are handed out by default. */
    @WithParentName
    Optional<Path> folder();
}
