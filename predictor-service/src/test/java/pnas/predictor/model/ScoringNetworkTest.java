package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.Tokens;
import pnas.predictor.fitting.Matrix;

/** What both architectures keep. */
final class ScoringNetworkTest {
    private final SplittableRandom random = new SplittableRandom(6);
    private final List<Cell> cells = IntStream.range(0, 12)
            .mapToObj(i -> SampleCells.cell(1 + i % 3, random))
            .toList();
    private final double[] accuracies =
            cells.stream().mapToDouble(cell -> random.nextDouble(0.3, 0.9)).toArray();
    private final int[][][] tokens = cells.stream().map(Tokens::of).toArray(int[][][]::new);

    enum Architecture {
        MLP,
        LSTM;

        ScoringNetwork network(RandomGenerator random) {
            return switch (this) {
                case MLP -> MlpNetwork.random(random);
                case LSTM -> LstmNetwork.random(random);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void differentiates_as_finite_differences_do(Architecture architecture) {
        ScoringNetwork network = architecture.network(random);
        ScoringNetwork.Derivative derivative = network.derivative();
        assertThat(derivative.differentiate(tokens, accuracies)).isCloseTo(plainLoss(network), within(1e-6));
        List<Matrix> parameters = network.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            Matrix gradient = derivative.gradient().get(i);
            int row = steepestRow(gradient);
            for (int column = 0; column < gradient.columns(); column += 7) {
                assertThat(slope(network, parameters.get(i), row, column))
                        .as("parameter %d, row %d, column %d", i, row, column)
                        .isCloseTo(gradient.get(row, column), within(3e-4));
            }
        }
    }

    private double slope(ScoringNetwork network, Matrix parameter, int row, int column) {
        float step = 1e-3f;
        float before = parameter.get(row, column);
        parameter.set(row, column, before + step);
        double above = plainLoss(network);
        parameter.set(row, column, before - step);
        double below = plainLoss(network);
        parameter.set(row, column, before);
        return (above - below) / (2 * step);
    }

    private static int steepestRow(Matrix gradient) {
        return IntStream.range(0, gradient.rows())
                .boxed()
                .max(Comparator.comparingDouble(row -> gradient.dot(row, gradient, row)))
                .orElseThrow();
    }

    /** By the plain forward pass, which is not the one that is differentiated. */
    private double plainLoss(ScoringNetwork network) {
        return IntStream.range(0, cells.size())
                .mapToDouble(i -> Math.abs(network.score(cells.get(i)) - accuracies[i]))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void begins_near_the_published_bias_and_learns_the_accuracies(Architecture architecture) {
        ScoringNetwork network = architecture.network(random);
        assertThat(network.score(cells.getFirst())).isCloseTo(0.858, within(0.05));
        new NetworkTraining(network, NetworkTraining.Encoding.AS_GIVEN).run(cells, accuracies, 0.01, random);
        assertThat(plainLoss(network)).isLessThan(0.1);
    }
}
