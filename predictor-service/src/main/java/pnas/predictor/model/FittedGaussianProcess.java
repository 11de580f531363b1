package pnas.predictor.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.CellFeatures;
import pnas.predictor.fitting.NormalScores;

/** A {@link GroupedGaussianProcess} that has learnt. */
final class FittedGaussianProcess implements FittedPredictor {
    private final GaussianPosterior posterior;
    private final NormalScores scores;
    private final double[] heldOut;

    /**
     * @param posterior of the normal scores
     * @param scores maps them back to accuracies
     * @param heldOut the accuracy predicted for each cell of the learning set without its fold
     */
    FittedGaussianProcess(GaussianPosterior posterior, NormalScores scores, double[] heldOut) {
        this.posterior = posterior;
        this.scores = scores;
        this.heldOut = heldOut.clone();
    }

    @Override
    public double score(Cell cell) {
        return scores.accuracy(posterior.mean(CellFeatures.of(cell).values()));
    }

    @Override
    public double deviation(Cell cell) {
        double[] features = CellFeatures.of(cell).values();
        double mean = posterior.mean(features);
        double deviation = posterior.deviation(features);
        return (scores.accuracy(mean + deviation) - scores.accuracy(mean - deviation)) / 2;
    }

    @Override
    public double[] score(Candidates candidates) {
        List<KernelSum> sums = posterior.sums();
        List<KernelSum.Linear> linear = sums.stream()
                .flatMap(sum -> sum instanceof KernelSum.Linear found ? Stream.of(found) : Stream.empty())
                .toList();
        List<RadialChildren> radial = sums.stream()
                .flatMap(sum -> sum instanceof KernelSum.Radial found
                        ? Stream.of(new RadialChildren(found, candidates.blocks()))
                        : Stream.empty())
                .toList();
        double[] predicted = new double[candidates.count()];
        int next = 0;
        for (Family family : candidates.families()) {
            double[] means = means(family, linear, radial);
            for (double mean : means) {
                predicted[next++] = scores.accuracy(mean);
            }
        }
        return predicted;
    }

    private static double[] means(Family family, List<KernelSum.Linear> linear, List<RadialChildren> radial) {
        CellFeatures parent = CellFeatures.of(family.parent());
        List<Block> children = family.children();
        double[] means = new double[children.size()];
        int[] kinds = new int[means.length];
        int[] restOf = new int[means.length];
        Map<Long, Integer> restOfShape = new HashMap<>();
        List<double[]> rests = new ArrayList<>();
        for (int child = 0; child < means.length; child++) {
            CellFeatures features = parent.plus(children.get(child));
            double[] values = features.values();
            for (KernelSum.Linear sum : linear) {
                means[child] += sum.at(values);
            }
            kinds[child] = CellFeatures.kind(children.get(child));
            // Children of one shape differ in what their new block adds, and in nothing else.
            restOf[child] = restOfShape.computeIfAbsent(features.shape(), shape -> rests.size());
            if (restOf[child] == rests.size()) {
                rests.add(features.valuesWithoutNewBlock(parent));
            }
        }
        for (RadialChildren sum : radial) {
            RadialChildren.Family familySums = sum.family(rests);
            for (int child = 0; child < means.length; child++) {
                means[child] += familySums.at(restOf[child], kinds[child]);
            }
        }
        return means;
    }

    @Override
    public double[] heldOutScores() {
        return heldOut.clone();
    }
}
