package pnas.orchestrator.capacity;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import pnas.engine.Engine;
import pnas.orchestrator.capacity.Verdict.Standing;
import pnas.orchestrator.trainer.Crew;

/**
 * Trainers as processes of the platform on one machine, which starts a number of them that is known beforehand and replaces those that end.
 * Nothing is left to do here but to say how they stand.
 */
final class LocalSupply implements TrainerSupply {
    private final Map<String, Integer> trainers;
    private final Function<String, Crew> crews;

    /**
     * The trainers of a platform.
     *
     * @param trainers how many it keeps, by engine
     * @param crews those that are alive, by engine
     * @throws IllegalArgumentException for an engine that does not exist
     */
    LocalSupply(Map<String, Integer> trainers, Function<String, Crew> crews) {
        this.trainers = Map.copyOf(trainers);
        this.crews = crews;
        trainers.keySet().forEach(engine -> {
            if (!Engine.texts().contains(engine)) {
                throw new IllegalArgumentException(
                        "pnas.capacity.local must name engines out of " + Engine.texts() + ", got '" + engine + "'");
            }
        });
    }

    /** All orchestrators of the machine say the same. */
    @Override
    public boolean decides() {
        return true;
    }

    @Override
    public Optional<List<Standing>> round(Need need, Instant now) {
        Map<String, Long> trainings = need.trainings();
        return Optional.of(Engine.texts().stream()
                .map(engine -> standing(engine, trainings.getOrDefault(engine, 0L)))
                .toList());
    }

    private Standing standing(String engine, long trainings) {
        int kept = trainers.getOrDefault(engine, 0);
        // Others may have joined.
        long alive = crews.apply(engine).alive();
        return new Standing(engine, kept, Math.min(kept, alive), trainings == 0 ? null : cause(engine, kept, alive));
    }

    private static @Nullable String cause(String engine, int kept, long alive) {
        if (alive < kept) {
            long missing = kept - alive;
            return missing + " of " + Wording.trainers(kept) + (missing == 1 ? " starts" : " start")
                    + ", the platform's logs say why";
        }
        return alive > 0
                ? null
                : "this platform has no trainer for engine " + engine + ", 'pnas up --help' says how to get one";
    }

    @Override
    public void close() {}
}
