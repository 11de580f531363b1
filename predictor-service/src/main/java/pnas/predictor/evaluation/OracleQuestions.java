package pnas.predictor.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.message.PredictorName;
import pnas.message.RankingRequest.Observation;
import pnas.oracle.SyntheticOracle;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.model.Predictors;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

/**
 * Of a {@link SyntheticOracle}: a search of all one-block cells and then the best of each stage by the Gaussian process, whatever predictor is
 * judged, asks after each stage for random children of the cells measured last.
 *
 * @param space the cells that may be
 * @param beam cells that are measured in each stage after the first
 * @param asked how many children are to be ranked
 * @param mostBlocks of the children of the last question
 */
record OracleQuestions(SearchSpace space, int beam, int asked, int mostBlocks) implements Questions {
    /** Standard deviation of the noise of a measurement. */
    private static final double NOISE = 0.004;

    @Override
    public List<Question> of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SyntheticOracle oracle = new SyntheticOracle(random.split()::nextGaussian);
        RandomGenerator noise = random.split();
        List<Question> questions = new ArrayList<>();
        List<Observation> observations = new ArrayList<>();
        List<Cell> measured = space.firstStage();
        for (int blocks = 2; blocks <= mostBlocks; blocks++) {
            for (Cell cell : measured) {
                observations.add(new Observation(cell, blocks - 1, measure(oracle, cell, noise)));
            }
            LearningSet learnt = new LearningSet(observations);
            List<Child> children =
                    children(space.expand(measured.stream().map(Cell::canonical).toList()));
            List<Child> some = drawn(children, random.split());
            questions.add(new Question(
                    learnt,
                    candidates(blocks, some),
                    some.stream()
                            .mapToDouble(child -> measure(oracle, child.cell(), noise))
                            .toArray()));
            if (blocks < mostBlocks) {
                measured = best(learnt, blocks, children, seed);
            }
        }
        return questions;
    }

    private record Child(Cell parent, Block block) {
        Cell cell() {
            return parent.plus(block);
        }
    }

    private static double measure(SyntheticOracle oracle, Cell cell, RandomGenerator noise) {
        return Math.clamp(oracle.accuracy(cell) + NOISE * noise.nextGaussian(), 0.0, 1.0);
    }

    private static List<Child> children(Expansion expansion) {
        return expansion.children().stream()
                .flatMap(children -> children.blocks().stream().map(block -> new Child(children.parent(), block)))
                .toList();
    }

    /** Draws without putting back, by the first steps of a shuffle. */
    private List<Child> drawn(List<Child> children, RandomGenerator random) {
        List<Child> shuffled = new ArrayList<>(children);
        int count = Math.min(asked, shuffled.size());
        for (int place = 0; place < count; place++) {
            int other = random.nextInt(place, shuffled.size());
            shuffled.set(other, shuffled.set(place, shuffled.get(other)));
        }
        return shuffled.subList(0, count);
    }

    private static Candidates candidates(int blocks, List<Child> children) {
        return new Candidates(
                blocks,
                children.stream()
                        .map(child -> new Family(child.parent(), List.of(child.block())))
                        .toList());
    }

    private List<Cell> best(LearningSet learnt, int blocks, List<Child> children, long seed) {
        double[] scores = Predictors.of(PredictorName.GP).fit(learnt, seed).score(candidates(blocks, children));
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer child) -> scores[child])
                        .reversed())
                .limit(beam)
                .map(child -> children.get(child).cell())
                .toList();
    }
}
