package pnas.predictor.model;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import pnas.predictor.model.NetworkPredictor.Size;
import pnas.predictor.model.NetworkTraining.Encoding;

/** The predictors that an experiment can choose from. */
public enum PredictorName {
    /** A Gaussian process on features that do not depend on the order of blocks. */
    GP("gp"),
    /** The Gaussian process and five multilayer perceptrons that learnt from random orderings of the cells, weighted alike. */
    BLEND("blend"),
    /** A multilayer perceptron, as published. */
    MLP("mlp"),
    /** Five multilayer perceptrons, as published. */
    MLP_ENSEMBLE("mlp-ensemble"),
    /** A long short-term memory, as published. */
    LSTM("lstm"),
    /** Five long short-term memories, as published. */
    LSTM_ENSEMBLE("lstm-ensemble");

    private final String text;

    PredictorName(String text) {
        this.text = text;
    }

    /** The name as experiments and messages write it. */
    public String text() {
        return text;
    }

    /** How this predictor learns from stage to stage where nothing is said: single networks as in the paper's Algorithm 1, all else anew. */
    public Fitting ownFitting() {
        return switch (this) {
            case MLP, LSTM -> Fitting.FINE_TUNE;
            case GP, BLEND, MLP_ENSEMBLE, LSTM_ENSEMBLE -> Fitting.REFIT;
        };
    }

    /** The predictor of this name, which learns in its {@linkplain #ownFitting own way}. */
    public Predictor predictor() {
        return predictor(ownFitting());
    }

    /**
     * The predictor of this name.
     *
     * @param fitting how it learns from stage to stage
     * @throws IllegalArgumentException where it can't learn so
     */
    public Predictor predictor(Fitting fitting) {
        return switch (this) {
            case GP -> {
                requireRefit(fitting);
                yield new GroupedGaussianProcess();
            }
            case BLEND -> {
                requireRefit(fitting);
                yield new Blend(
                        new GroupedGaussianProcess(),
                        new NetworkPredictor(MlpNetwork::random, Size.ENSEMBLE, fitting, Encoding.REORDERED));
            }
            case MLP -> new NetworkPredictor(MlpNetwork::random, Size.SINGLE, fitting, Encoding.AS_GIVEN);
            case MLP_ENSEMBLE -> new NetworkPredictor(MlpNetwork::random, Size.ENSEMBLE, fitting, Encoding.AS_GIVEN);
            case LSTM -> new NetworkPredictor(LstmNetwork::random, Size.SINGLE, fitting, Encoding.AS_GIVEN);
            case LSTM_ENSEMBLE -> new NetworkPredictor(LstmNetwork::random, Size.ENSEMBLE, fitting, Encoding.AS_GIVEN);
        };
    }

    private void requireRefit(Fitting fitting) {
        if (fitting != Fitting.REFIT) {
            throw new IllegalArgumentException("must be refit, as predictor " + text
                    + " has no weights to start from, got '" + fitting.text() + "'");
        }
    }

    /** The predictor of a name, if there is one. */
    public static Optional<PredictorName> find(String text) {
        return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
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
