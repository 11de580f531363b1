package pnas.predictor.model;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The predictors that an experiment can choose from. */
public enum PredictorName {
    /** A Gaussian process on features that do not depend on the order of blocks. */
    GP("gp"),
    /** Five multilayer perceptrons, as published. */
    MLP_ENSEMBLE("mlp-ensemble");

    private final String text;

    PredictorName(String text) {
        this.text = text;
    }

    /** The name as experiments and messages write it. */
    public String text() {
        return text;
    }

    /** The predictor of this name. */
    public Predictor predictor() {
        return switch (this) {
            case GP -> new GroupedGaussianProcess();
            case MLP_ENSEMBLE -> new MlpEnsemble();
        };
    }

    /**
     * The predictor of a name.
     *
     * @throws IllegalArgumentException where there is none; the text lists those that there are
     */
    public static PredictorName parse(String text) {
        for (PredictorName name : values()) {
            if (name.text.equals(text)) {
                return name;
            }
        }
        throw new IllegalArgumentException("predictor must be one of "
                + Arrays.stream(values()).map(PredictorName::text).collect(Collectors.joining(", ")) + ", got '" + text
                + "'");
    }
}
