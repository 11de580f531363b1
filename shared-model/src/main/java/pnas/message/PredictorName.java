package pnas.message;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The predictors that an experiment can choose from. */
public enum PredictorName {
    /** A Gaussian process on features that do not depend on the order of blocks. */
    GP,
    /** The Gaussian process and five multilayer perceptrons that learnt from random orderings of the cells, weighted alike. */
    BLEND,
    /** A multilayer perceptron, as published. */
    MLP,
    /** Five multilayer perceptrons, as published. */
    MLP_ENSEMBLE,
    /** A long short-term memory, as published. */
    LSTM,
    /** Five long short-term memories, as published. */
    LSTM_ENSEMBLE;

    /** The name as experiments and messages write it, for instance {@code mlp-ensemble}. */
    public String text() {
        return Messages.text(this);
    }

    /** How this predictor learns from stage to stage where nothing is said: single networks as in the paper's Algorithm 1, all else anew. */
    public Fitting ownFitting() {
        return switch (this) {
            case MLP, LSTM -> Fitting.FINE_TUNE;
            case GP, BLEND, MLP_ENSEMBLE, LSTM_ENSEMBLE -> Fitting.REFIT;
        };
    }

    /**
     * Does nothing where this predictor can learn so.
     *
     * @throws IllegalArgumentException where it has no weights to start from
     */
    public void requireThatItLearns(Fitting fitting) {
        boolean hasWeights = switch (this) {
            case GP, BLEND -> false;
            case MLP, MLP_ENSEMBLE, LSTM, LSTM_ENSEMBLE -> true;
        };
        if (fitting == Fitting.FINE_TUNE && !hasWeights) {
            throw new IllegalArgumentException("must be refit, as predictor " + text()
                    + " has no weights to start from, got '" + fitting.text() + "'");
        }
    }

    /** The predictor of a name, if there is one. */
    public static Optional<PredictorName> find(String text) {
        return Messages.find(PredictorName.class, text);
    }

    /**
     * The predictor of a name.
     *
     * @throws IllegalArgumentException where there is none; the text lists those that there are
     */
    public static PredictorName parse(String text) {
        return find(text)
                .orElseThrow(() -> new IllegalArgumentException("predictor must be one of "
                        + Arrays.stream(values()).map(PredictorName::text).collect(Collectors.joining(", ")) + ", got '"
                        + text + "'"));
    }
}
