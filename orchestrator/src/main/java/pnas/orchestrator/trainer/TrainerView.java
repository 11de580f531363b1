package pnas.orchestrator.trainer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trainer.
 *
 * @param id unique among all trainers
 * @param engine what it trains with
 * @param engineVersion version of the engine
 * @param deviceKind the CPU's model name or the GPU's name
 * @param host the machine that it runs on
 * @param slots trainings that it does at once
 * @param state whether it is heard
 * @param trials what it trains now, as it said last
 * @param heardAt when it was heard last
 * @param obstacle why it cannot train, absent where it can
 */
public record TrainerView(
        String id,
        String engine,
        String engineVersion,
        String deviceKind,
        String host,
        int slots,
        TrainerState state,
        List<String> trials,
        Instant heardAt,
        @Nullable String obstacle) {
    public TrainerView {
        trials = List.copyOf(trials);
    }
}
