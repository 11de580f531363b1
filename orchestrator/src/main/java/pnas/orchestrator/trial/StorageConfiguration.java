package pnas.orchestrator.trial;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Where trainers, broker and database of this machine write. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.storage")
public interface StorageConfiguration {
    /** Folders, one a line, whose disks are looked at: while one of them is full, no training is sent. The platform on one machine sets it. */
    Optional<String> folders();
}
