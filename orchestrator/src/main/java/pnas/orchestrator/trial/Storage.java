package pnas.orchestrator.trial;

import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.failure.FullDisks;

/**
 * Looks every few seconds whether the disks are full that the platform of this machine writes to. While one is, no training is sent: it would only use up
 * what is left. What it knows is kept in memory, where it can be told while the database has no room for anything.
 */
@ApplicationScoped
public class Storage {
    private static final Logger LOG = Logger.getLogger(Storage.class);

    private final List<Path> folders;
    private volatile @Nullable String obstacle;

    Storage(StorageConfiguration configuration) {
        this.folders = configuration.folders().stream()
                .flatMap(String::lines)
                .map(Path::of)
                .toList();
    }

    /** Which disks are full, as the words of a sentence; null where all have room or nobody said which there are. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    /** By the clock: who asks never waits for a disk. */
    @Scheduled(
            every = "1s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void look() {
        Optional<String> found = FullDisks.complaint(FullDisks.spaces(folders));
        if (found.isPresent() && obstacle == null) {
            LOG.warnf("no training is sent: %s", found.get());
        } else if (found.isEmpty() && obstacle != null) {
            LOG.info("there is room on all disks again");
        }
        obstacle = found.orElse(null);
    }
}
