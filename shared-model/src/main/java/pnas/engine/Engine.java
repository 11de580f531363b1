package pnas.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The engines, each with the module of its trainer. Messages and stored rows have its {@link #text}, so that a reader can refuse an engine that it does not know
 * by its name. A new engine is a constant here, its module, and its speed in the orchestrator's model of times.
 */
public enum Engine {
    /** libtorch, on processors and GPUs. */
    TORCH("trainer-service/torch", /* large= */ true),
    /** Plain Java with vector instructions, on processors, and there the fastest. */
    VECTOR("trainer-service/vector", /* large= */ false),
    /** Deeplearning4j, on processors and GPUs. */
    DL4J("trainer-service/dl4j", /* large= */ true),
    /** Looks accuracies up and trains nothing. */
    REPLAY("trainer-service/core", /* large= */ false);

    private static final List<String> TEXTS =
            Arrays.stream(values()).map(Engine::text).toList();

    private final String module;
    private final boolean large;

    Engine(String module, boolean large) {
        this.module = module;
        this.large = large;
    }

    /** The name as experiments, messages, topics and people write it, for instance {@code torch}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The folder of its trainer in this project. */
    public String module() {
        return module;
    }

    /** Whether its libraries are so large that a platform has its trainer built only where it is wanted. */
    public boolean isLarge() {
        return large;
    }

    /** Whether it trains networks. */
    public boolean trains() {
        return this != REPLAY;
    }

    /** The names of all of them, in the order of this file. */
    public static List<String> texts() {
        return TEXTS;
    }

    /** The engine of a name, if there is one. */
    public static Optional<Engine> find(String text) {
        return Arrays.stream(values())
                .filter(engine -> engine.text().equals(text))
                .findFirst();
    }

    /**
     * The engine of a name.
     *
     * @throws IllegalArgumentException where there is none; the text lists those that there are
     */
    public static Engine parse(String text) {
        return find(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("engine must be one of " + TEXTS + ", got '" + text + "'"));
    }
}
