package pnas.predictor.model;

import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.predictor.model.NetworkPredictor.Size;
import pnas.predictor.model.NetworkTraining.Encoding;

/** The predictors by their names. */
public final class Predictors {
    private Predictors() {}

    /** The predictor of this name, which learns in its {@linkplain PredictorName#ownFitting own way}. */
    public static Predictor of(PredictorName name) {
        return of(name, name.ownFitting());
    }

    /**
     * The predictor of this name.
     *
     * @param fitting how it learns from stage to stage
     * @throws IllegalArgumentException where it can't learn so
     */
    public static Predictor of(PredictorName name, Fitting fitting) {
        name.requireThatItLearns(fitting);
        return switch (name) {
            case GP -> new GroupedGaussianProcess();
            case BLEND ->
                new Blend(
                        new GroupedGaussianProcess(),
                        new NetworkPredictor(MlpNetwork::random, Size.ENSEMBLE, fitting, Encoding.REORDERED));
            case MLP -> new NetworkPredictor(MlpNetwork::random, Size.SINGLE, fitting, Encoding.AS_GIVEN);
            case MLP_ENSEMBLE -> new NetworkPredictor(MlpNetwork::random, Size.ENSEMBLE, fitting, Encoding.AS_GIVEN);
            case LSTM -> new NetworkPredictor(LstmNetwork::random, Size.SINGLE, fitting, Encoding.AS_GIVEN);
            case LSTM_ENSEMBLE -> new NetworkPredictor(LstmNetwork::random, Size.ENSEMBLE, fitting, Encoding.AS_GIVEN);
        };
    }
}
