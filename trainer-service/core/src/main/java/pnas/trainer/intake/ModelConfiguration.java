package pnas.trainer.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;
import java.util.Optional;

/** The models of finished trainings. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.models")
public interface ModelConfiguration {
    /** Directory that gets the weights of each finished training, shared by all trainers; the orchestrator reads it. None are kept by default. */
    @WithParentName
    Optional<Path> folder();
}
