package pnas.orchestrator.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.experiment.SpecificationDraft.Training;

/** The experiments that have a name. A preset only says what differs from the defaults; what is given beside it comes first. */
public final class Presets {
    private static final SequencedMap<String, SpecificationDraft> ALL = new LinkedHashMap<>();

    static {
        preset(
                "demo",
                "digits",
                3,
                8,
                "cifar",
                1,
                8,
                "gp",
                new Training("sgd", 0.1, null, null, 32, 4, null, null, null, null, null));
        preset(
                "slides",
                "cifar10",
                3,
                64,
                "slides",
                2,
                24,
                "mlp-ensemble",
                new Training("adam", 0.01, null, null, 512, 20, null, null, null, null, null));
        preset(
                "paper",
                "cifar10",
                5,
                256,
                "cifar",
                2,
                24,
                "mlp-ensemble",
                new Training(null, null, null, null, null, 20, null, null, null, null, null));
    }

    private Presets() {}

    /** All presets by name. */
    public static Map<String, SpecificationDraft> all() {
        return Collections.unmodifiableMap(ALL);
    }

    private static void preset(
            String name,
            String dataset,
            int blocks,
            int beam,
            String layout,
            int repetitions,
            int filters,
            String predictor,
            @Nullable Training training) {
        ALL.put(
                name,
                new SpecificationDraft(
                        name,
                        name,
                        dataset,
                        null,
                        null,
                        null,
                        null,
                        null,
                        blocks,
                        beam,
                        null,
                        layout,
                        repetitions,
                        filters,
                        training,
                        predictor,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }
}
