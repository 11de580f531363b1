package pnas.orchestrator.specification;

import org.jspecify.annotations.Nullable;
import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.orchestrator.specification.Specification.Line;

/**
 * What ranks candidates.
 *
 * @param predictor what learns accuracies and scores
 * @param fitting how it learns from stage to stage; absent for its own way
 */
public record Ranking(PredictorName predictor, @Nullable Fitting fitting) {
    /** See {@link Ranking}. */
    public record Draft(
            @Nullable String predictor, @Nullable String fitting) {}

    static Ranking read(Given<Draft> given) {
        Problems problems = given.problems();
        String name = given.value(Draft::predictor);
        PredictorName predictor = problems.constant("predictor", name, PredictorName.GP);
        String way = given.value(Draft::fitting);
        if (way == null) {
            return new Ranking(predictor, null);
        }
        Fitting fitting = problems.constant("fitting", way, Fitting.REFIT);
        if (name == null || PredictorName.find(name).isPresent()) {
            try {
                predictor.requireThatItLearns(fitting);
            } catch (IllegalArgumentException e) {
                problems.add("fitting", String.valueOf(e.getMessage()));
            }
        }
        return new Ranking(predictor, fitting);
    }

    Line line() {
        return new Line("Predictor", predictor.text() + (fitting == null ? "" : ", " + fitting.text()));
    }
}
