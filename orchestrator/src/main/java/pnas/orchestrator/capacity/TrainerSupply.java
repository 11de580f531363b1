package pnas.orchestrator.capacity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import pnas.orchestrator.capacity.Verdict.Standing;
import pnas.orchestrator.trainer.Sign;

/** Where trainers come from: the port of whatever this service runs on. Rounds belong to one thread. */
interface TrainerSupply extends AutoCloseable {
    /** What trainers are needed for; found when it is asked for. */
    interface Need {
        /** Trainings that run or may be claimed, by engine. */
        Map<String, Long> trainings();

        /** The workers that train. */
        Set<String> busy();

        /** The last that was heard of trainers, by their names. */
        Map<String, Sign> signs();
    }

    /** Whether it is this process, of several, that decides now. For any thread. */
    boolean decides();

    /**
     * Has as many trainers as there is need and room for.
     *
     * @return how the trainers of each engine stand; empty while that is not known, and where another process decides
     * @throws SupplyException where trainers can be neither counted nor started
     */
    Optional<List<Standing>> round(Need need, Instant now);

    @Override
    void close();
}
