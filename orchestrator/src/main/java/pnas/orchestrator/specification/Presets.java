package pnas.orchestrator.specification;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import pnas.message.Messages;

/** The experiments that have a name. A preset only says what differs from the defaults; what is given beside it comes first. */
public final class Presets {
    private static final SequencedMap<String, SpecificationDraft> ALL = new LinkedHashMap<>();

    static {
        Stream.of("""
                        {"name": "demo", "preset": "demo", "dataset": "digits", "blocks": 3, "beam": 8,
                         "confirm": {"cells": 5, "seeds": 3},
                         "layout": "cifar", "repetitions": 1, "filters": 8, "predictor": "gp",
                         "training": {"optimizer": "sgd", "learningRate": 0.1, "batchSize": 32, "epochs": 4}}
                        """, """
                        {"name": "slides", "preset": "slides", "dataset": "cifar10", "blocks": 3, "beam": 64,
                         "layout": "slides", "repetitions": 2, "filters": 24, "predictor": "mlp-ensemble",
                         "training": {"optimizer": "adam", "learningRate": 0.01, "batchSize": 512, "epochs": 20}}
                        """, """
                        {"name": "paper", "preset": "paper", "dataset": "cifar10", "blocks": 5, "beam": 256,
                         "layout": "cifar", "repetitions": 2, "filters": 24, "predictor": "mlp-ensemble",
                         "training": {"epochs": 20}}
                        """)
                .map(json -> Messages.decodeText(json, SpecificationDraft.class))
                .forEach(preset -> ALL.put(Objects.requireNonNull(preset.title().name()), preset));
    }

    private Presets() {}

    /** All presets by name. */
    public static Map<String, SpecificationDraft> all() {
        return Collections.unmodifiableMap(ALL);
    }
}
