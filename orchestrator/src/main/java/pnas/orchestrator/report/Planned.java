package pnas.orchestrator.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.decision.Decides;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.life.ranking.DrawnCells;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.TrainingSize;
import pnas.space.SearchSpace;

/**
 * The trainings of stages that have not chosen their cells. All cells of one block are known; of more blocks a few that chance draws stand for those
 * that will be chosen, which tend to be larger. Thread safe.
 */
@Decides
final class Planned {
    private static final int SAMPLE = 16;
    private static final int KEPT = 200;

    /** By what they follow from, so that a page costs no networks: it is not a state of a search, and can be computed at any time. */
    private static final Map<Key, List<TrainingSize>> SIZES = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<TrainingSize>> eldest) {
            return size() > KEPT;
        }
    };

    private Planned() {}

    private record Key(
            List<Operation> operations,
            Layout layout,
            ImageShape image,
            int classes,
            double dropout,
            long images,
            int stage,
            boolean all) {}

    /**
     * What a stage is expected to train: a stream of so many sizes.
     *
     * @param trainings how many
     */
    static Stream<TrainingSize> sizes(Specification specification, int stage, long trainings) {
        TrainingRecipe recipe = TrainingRecipe.of(specification);
        Key key = new Key(
                specification.search().operations(),
                recipe.layout(),
                recipe.dataSet().image(),
                recipe.dataSet().classes(),
                recipe.settings().dropout(),
                recipe.images(),
                stage,
                !specification.search().choosesIn(stage));
        List<TrainingSize> sample;
        synchronized (SIZES) {
            sample = SIZES.computeIfAbsent(
                    key, _ -> cells(key).stream().map(recipe::size).toList());
        }
        return Stream.iterate(0, i -> i + 1).limit(trainings).map(i -> sample.get(i % sample.size()));
    }

    private static List<Cell> cells(Key key) {
        SearchSpace space = new SearchSpace(key.operations());
        return key.all() ? space.firstStage() : DrawnCells.draw(space, key.stage(), SAMPLE, 0);
    }
}
