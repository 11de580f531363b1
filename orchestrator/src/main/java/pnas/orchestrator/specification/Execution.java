package pnas.orchestrator.specification;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import pnas.engine.Engine;
import pnas.message.Replay;
import pnas.orchestrator.specification.Specification.Line;

/**
 * What trains.
 *
 * @param engine what trains
 * @param reuse whether a result that another experiment has is taken instead of training it again
 * @param replay where the engine {@code replay} takes its answers from, absent with every other
 */
public record Execution(
        Engine engine, boolean reuse, @Nullable Replay replay) {
    private static final double MAX_REPLAY_SECONDS = 86_400;
    private static final Replay.Oracle USUAL_ORACLE = new Replay.Oracle(0, 0.004);

    /** See {@link Execution}; the engine may be {@code auto}. */
    public record Draft(
            @Nullable String engine,
            @Nullable Boolean reuse,
            @Nullable ReplaySource replay) {}

    /** Where the replay engine takes its answers from; see {@link Replay}. */
    public record ReplaySource(
            @Nullable Oracle oracle,
            @Nullable String table,
            @Nullable Double seconds) {}

    /** The synthetic oracle; see {@link Replay.Oracle}. */
    public record Oracle(@Nullable Long seed, @Nullable Double sigma) {}

    static Execution read(Given<Draft> given, Supplier<EngineChoice> trainers) {
        String named = given.problems()
                .oneOf(
                        "engine",
                        given.value(Draft::engine, EngineChoice.AUTO),
                        EngineChoice.names().toList());
        // A name that is wrong was noted, and no specification comes of it.
        Engine engine = named.equals(EngineChoice.AUTO)
                ? trainers.get().engine()
                : Engine.find(named).orElse(Engine.TORCH);
        return new Execution(
                engine,
                given.value(Draft::reuse, Boolean.TRUE),
                replay(
                        engine,
                        named.equals(EngineChoice.AUTO) ? engine.text() : named,
                        given.value(Draft::replay),
                        given.problems()));
    }

    private static @Nullable Replay replay(
            Engine engine, String named, @Nullable ReplaySource source, Problems problems) {
        if (engine.trains()) {
            if (source != null) {
                problems.add("replay", "goes with engine replay only, got engine '" + Problems.excerpt(named) + "'");
            }
            return null;
        }
        if (source == null) {
            return new Replay(USUAL_ORACLE, null, null);
        }
        if (source.oracle() != null && source.table() != null) {
            problems.add("replay", "must have one of oracle and table, got both");
            return null;
        }
        Double seconds = source.seconds();
        if (seconds != null && !problems.isBetween("replay.seconds", seconds, 0, MAX_REPLAY_SECONDS)) {
            return null;
        }
        if (source.table() != null) {
            try {
                return new Replay(null, source.table(), seconds);
            } catch (IllegalArgumentException e) {
                problems.add("replay.table", String.valueOf(e.getMessage()));
                return null;
            }
        }
        Oracle oracle = source.oracle();
        long seed = oracle == null || oracle.seed() == null ? USUAL_ORACLE.seed() : oracle.seed();
        double sigma = oracle == null || oracle.sigma() == null ? USUAL_ORACLE.sigma() : oracle.sigma();
        return problems.isBetween("replay.oracle.sigma", sigma, 0, 1)
                ? new Replay(new Replay.Oracle(seed, sigma), null, seconds)
                : null;
    }

    /** Whether results are looked up and nothing is trained. */
    public boolean replayed() {
        return replay != null;
    }

    /** Whether results of other experiments are taken: what is looked up anyway need not be looked for elsewhere. */
    public boolean reusesResults() {
        return reuse && !replayed();
    }

    Line line() {
        return new Line("Engine", engine.text() + (replayed() ? ": nothing is trained, results are replayed" : ""));
    }
}
