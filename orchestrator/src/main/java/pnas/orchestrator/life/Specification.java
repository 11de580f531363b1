package pnas.orchestrator.life;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.cell.Operation;
import pnas.message.DataSet;
import pnas.message.Replay;
import pnas.message.TrainingSettings;
import pnas.network.Layout;

/**
 * What an experiment searches and how, with everything filled in. The JSON has these names.
 *
 * @param name for people
 * @param preset the preset that it started from, absent without one
 * @param dataset name of the data set
 * @param strategy how cells are chosen: {@code progressive} by a predictor, {@code random} by chance, which is the control arm
 * @param operations the operations of the search space, in their order
 * @param blocks blocks of the largest cells: the paper's B
 * @param beam cells that are trained in each stage after the first: the paper's K
 * @param samples with {@code random}: so many cells, all of {@code blocks} blocks, instead of {@code beam} cells of each stage; else absent
 * @param layout the plan of stem and cells
 * @param repetitions the paper's N
 * @param filters the paper's F
 * @param training how each network is trained
 * @param predictor what ranks candidates
 * @param fitting how the predictor learns from stage to stage, {@code refit} or {@code fine-tune}; absent for the predictor's own way
 * @param engine what trains
 * @param seed every chance of the search and of its trainings comes from it
 * @param splitSeed seed of the split of the data
 * @param maxParallelTrainings trainings dispatched or running at once, absent for no limit
 * @param weight of the trainers that several experiments of one priority share it gets this many parts, 1 to 1000
 * @param priority as long as an experiment of a higher one has trainings to send, this one sends none, -100 to 100
 * @param budget what it may use before it stops
 * @param reuse whether a result that another experiment has is taken instead of training it again
 * @param replay where the engine {@code replay} takes its answers from, absent with every other
 * @param dataSet the data set itself
 */
// REST has both names: the data set that was asked for by name, and the data set.
@SuppressWarnings("InconsistentCapitalization")
public record Specification(
        String name,
        @Nullable String preset,
        String dataset,
        String strategy,
        List<Operation> operations,
        int blocks,
        int beam,
        @Nullable Integer samples,
        Layout.Kind layout,
        int repetitions,
        int filters,
        TrainingSettings training,
        String predictor,
        @Nullable String fitting,
        String engine,
        long seed,
        long splitSeed,
        @Nullable Integer maxParallelTrainings,
        int weight,
        int priority,
        Budget budget,
        boolean reuse,
        @Nullable Replay replay,
        DataSet dataSet) {
    public static final String PROGRESSIVE = "progressive";
    public static final String RANDOM = "random";

    public Specification {
        operations = List.copyOf(operations);
    }

    /** The same with other sizes. */
    public Specification with(int blocks, int beam, @Nullable Integer samples, Budget budget) {
        return new Specification(
                name,
                preset,
                dataset,
                strategy,
                operations,
                blocks,
                beam,
                samples,
                layout,
                repetitions,
                filters,
                training,
                predictor,
                fitting,
                engine,
                seed,
                splitSeed,
                maxParallelTrainings,
                weight,
                priority,
                budget,
                reuse,
                replay,
                dataSet);
    }

    /** How many cells a stage chooses, where there are so many. */
    public int cells() {
        return samples == null ? beam : samples;
    }

    /** Whether a stage chooses from its cells; a stage of one block trains all, unless samples are drawn. */
    public boolean choosesIn(int stage) {
        return stage > 1 || samples != null;
    }

    /** The number of the first stage: only that which draws cells of all blocks at once begins with its last. */
    public int firstStage() {
        return samples == null ? 1 : blocks;
    }

    /** Whether chance chooses the cells, and no predictor. */
    public boolean drawsAtRandom() {
        return strategy.equals(RANDOM);
    }

    /** Whether a predictor chooses the cells of a stage. */
    public boolean ranksIn(int stage) {
        return choosesIn(stage) && !drawsAtRandom();
    }

    /** Whether results are looked up and nothing is trained. */
    public boolean replayed() {
        return replay != null;
    }

    /** Whether it takes results of other experiments: what is looked up anyway need not be looked for elsewhere. */
    public boolean reusesResults() {
        return reuse && !replayed();
    }

    /** How every trial is trained. */
    public TrainingRecipe recipe() {
        return new TrainingRecipe(dataSet, new Layout(layout, repetitions, filters), training, engine, replay);
    }
}
