package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;

final class MlpTrainingTest {
    private final SplittableRandom random = new SplittableRandom(6);
    private final List<Cell> cells = IntStream.range(0, 12)
            .mapToObj(i -> SampleCells.cell(1 + i % 3, random))
            .toList();
    private final double[] accuracies =
            cells.stream().mapToDouble(cell -> random.nextDouble(0.3, 0.9)).toArray();
    private final int[][][] rows = cells.stream()
            .map(cell -> cell.blocks().stream().map(MlpNetwork::tokenRows).toArray(int[][]::new))
            .toArray(int[][][]::new);

    @Test
    void differentiates_as_finite_differences_do() {
        MlpNetwork network = MlpNetwork.random(random);
        MlpTraining training = new MlpTraining(network, 0.002);
        training.differentiate(rows, accuracies);
        float[] gradient = training.gradient().values().clone();
        // All parameters along one random direction, and parameters of every part on their own.
        float[] direction = new float[gradient.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = random.nextBoolean() ? 1 : -1;
        }
        assertThat(slope(network, direction, 1e-4f)).isCloseTo(dot(gradient, direction), within(0.02));
        for (int part : new int[] {3, 700, 1_500, 30_000, 41_450, 45_000, 51_550, 51_650, gradient.length - 1}) {
            float[] unit = new float[gradient.length];
            unit[part] = 1;
            assertThat(slope(network, unit, 5e-3f)).as("parameter " + part).isCloseTo(gradient[part], within(2e-4));
        }
    }

    private double slope(MlpNetwork network, float[] direction, float step) {
        return (lossAt(network, direction, step) - lossAt(network, direction, -step)) / (2 * step);
    }

    /** By the plain forward pass, which is not the one that is differentiated. */
    private double lossAt(MlpNetwork network, float[] direction, float step) {
        float[] before = network.values().clone();
        for (int i = 0; i < direction.length; i++) {
            network.values()[i] += step * direction[i];
        }
        double loss = IntStream.range(0, cells.size())
                .mapToDouble(i -> Math.abs(network.score(cells.get(i)) - accuracies[i]))
                .average()
                .orElseThrow();
        System.arraycopy(before, 0, network.values(), 0, before.length);
        return loss;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * (double) b[i];
        }
        return sum;
    }

    @Test
    void begins_near_the_published_bias_and_learns_the_accuracies() {
        MlpNetwork network = MlpNetwork.random(random);
        assertThat(network.score(cells.getFirst())).isCloseTo(0.858, within(0.05));
        new MlpTraining(network, 0.01).run(cells, accuracies, random);
        double error = IntStream.range(0, cells.size())
                .mapToDouble(i -> Math.abs(network.score(cells.get(i)) - accuracies[i]))
                .average()
                .orElseThrow();
        assertThat(error).isLessThan(0.1);
    }
}
