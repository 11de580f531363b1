package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.LearningSet;

/** What every predictor keeps. */
final class PredictorTest {
    private static final long SEED = 11;

    private static final List<Observation> OBSERVATIONS = SampleCells.observations(40, 2, new SplittableRandom(1));
    /** Of these observations, each learnt once: what has learnt does not change. */
    private static final Map<PredictorName, FittedPredictor> FITTED = new EnumMap<>(PredictorName.class);

    private final Candidates candidates = SampleCells.candidates(3, 4, new SplittableRandom(2));

    private static FittedPredictor fitted(PredictorName name) {
        return FITTED.computeIfAbsent(name, _ -> Predictors.of(name).fit(new LearningSet(OBSERVATIONS), SEED));
    }

    @ParameterizedTest
    @EnumSource
    void scores_children_as_it_scores_each_cell_on_its_own(PredictorName name) {
        FittedPredictor fitted = fitted(name);
        double[] plain = candidates.families().stream()
                .flatMap(family -> family.children().stream().map(family.parent()::plus))
                .mapToDouble(fitted::score)
                .toArray();
        assertThat(fitted.score(candidates)).containsExactly(plain, within(1e-5));
    }

    @ParameterizedTest
    @EnumSource
    void gives_the_same_bits_whatever_the_order_of_observations(PredictorName name) {
        List<Observation> shuffled = new ArrayList<>(OBSERVATIONS);
        Collections.shuffle(shuffled, new Random(3));
        FittedPredictor one = fitted(name);
        FittedPredictor other = Predictors.of(name).fit(new LearningSet(shuffled), SEED);
        assertThat(other.score(candidates)).containsExactly(one.score(candidates));
        assertThat(other.heldOutScores()).containsExactly(one.heldOutScores());
    }

    @ParameterizedTest
    @EnumSource
    void learns_to_order_cells_that_it_has_not_seen(PredictorName name) {
        FittedPredictor fitted = fitted(name);
        Cell good = Cell.parse("sep3x3(c-1)+sep3x3(c-1) | sep3x3(c-1)+sep5x5(c-2) | sep7x7(c-2)+sep5x5(c-1)");
        Cell bad = Cell.parse("avg3x3(c-1)+identity(c-1) | dil3x3(b1)+max3x3(b1) | avg3x3(b2)+max3x3(b1)");
        assertThat(fitted.score(good)).isGreaterThan(fitted.score(bad) + 0.05);
    }

    @ParameterizedTest
    @EnumSource
    void learns_from_a_single_cell(PredictorName name) {
        Cell cell = Cell.parse("sep3x3(c-1)+sep3x3(c-1)");
        FittedPredictor fitted = Predictors.of(name).fit(new LearningSet(List.of(new Observation(cell, 1, 0.7))), SEED);
        assertThat(fitted.score(cell)).isBetween(0.6, 0.8);
        assertThat(fitted.heldOutScores()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"MLP", "LSTM"})
    void fine_tunes_over_every_stage_in_turn(PredictorName name) {
        LearningSet both = new LearningSet(OBSERVATIONS.subList(30, 50));
        FittedPredictor fineTuned = Predictors.of(name, Fitting.FINE_TUNE).fit(both, SEED);
        FittedPredictor refit = Predictors.of(name, Fitting.REFIT).fit(both, SEED);
        Cell cell = Cell.parse("sep3x3(c-1)+sep3x3(c-1)");
        assertThat(fineTuned.score(cell)).isNotEqualTo(refit.score(cell));

        LearningSet first = new LearningSet(OBSERVATIONS.subList(30, 40));
        assertThat(Predictors.of(name, Fitting.FINE_TUNE).fit(first, SEED).score(cell))
                .isEqualTo(Predictors.of(name, Fitting.REFIT).fit(first, SEED).score(cell));
    }

    @Test
    void cannot_learn_where_every_cell_diverged() {
        List<Observation> diverged = OBSERVATIONS.stream()
                .map(observation -> new Observation(observation.cell(), observation.stage(), null))
                .toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LearningSet(diverged))
                .withMessage("a predictor needs at least one cell with an accuracy, got none among 80");
    }

    @Test
    void names_the_predictors_that_there_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PredictorName.parse("oracle"))
                .withMessage(
                        "predictor must be one of gp, blend, mlp, mlp-ensemble, lstm, lstm-ensemble, got 'oracle'");
    }
}
