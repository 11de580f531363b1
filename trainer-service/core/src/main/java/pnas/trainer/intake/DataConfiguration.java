package pnas.trainer.intake;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.nio.file.Path;

/** The data sets. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.data")
public interface DataConfiguration {
    /** Directory of the data sets; the orchestrator has the same. */
    @WithParentName
    @WithDefault(".pnas/data")
    Path folder();

    /** Directory that gets the data sets which lie elsewhere, each fetched once; all processes of a node may share it. */
    @WithDefault(".pnas/data-cache")
    Path cache();

    /**
     * Whether a data set may be a link that leads out of the folder. Everybody who may write to the folder then chooses what a trainer reads, as the command line does
     * on one machine.
     */
    @WithDefault("false")
    boolean links();
}
