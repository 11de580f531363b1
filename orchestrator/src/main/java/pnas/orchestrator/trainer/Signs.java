package pnas.orchestrator.trainer;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import pnas.message.Topics;
import pnas.orchestrator.broker.Offsets;

/** What trainers are known to be doing, of which silence is told only where it is certain. */
@ApplicationScoped
public class Signs {
    private static final Logger LOG = Logger.getLogger(Signs.class);

    private final Trainers trainers;
    private final Offsets offsets;
    private final Map<String, String> groups;

    Signs(
            Trainers trainers,
            Offsets offsets,
            @ConfigProperty(name = "mp.messaging.incoming.workers.group.id") String workers,
            @ConfigProperty(name = "mp.messaging.incoming.progress.group.id") String progress) {
        this.trainers = trainers;
        this.offsets = offsets;
        this.groups = Map.of(Topics.WORKERS, workers, Topics.PROGRESS, progress);
    }

    /**
     * The last that was heard of each trainer, by its name. None is called silent while something that trainers sent is still to be read, as after a restart:
     * it may be the word of one that seems so.
     */
    public Map<String, Sign> current() {
        Map<String, Sign> signs = trainers.signs();
        if (signs.values().stream().noneMatch(Sign::silent)) {
            return signs;
        }
        boolean allIsRead = allIsRead();
        // Looked at after what was sent has been read, and not before.
        return trainers.signs().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, sign -> sign.getValue().knowing(allIsRead)));
    }

    private boolean allIsRead() {
        try {
            for (Map.Entry<String, String> topic : groups.entrySet()) {
                if (!offsets.committed(topic.getValue(), offsets.ends(topic.getKey()))) {
                    return false;
                }
            }
            return true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.warnf(
                    "the broker did not say how far trainers are heard, so none is called silent: %s", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
