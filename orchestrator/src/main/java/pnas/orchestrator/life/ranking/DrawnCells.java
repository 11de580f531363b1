package pnas.orchestrator.life.ranking;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import pnas.cell.Cell;
import pnas.space.SearchSpace;

/** The choice of the control arm: cells that chance draws. */
public final class DrawnCells {
    /** The algorithms of these names are part of the Java specification, so that every Java draws the same. */
    private static final RandomGeneratorFactory<RandomGenerator> GENERATOR =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private DrawnCells() {}

    /**
     * Different cells, each set of so many as likely as any other; all cells where there are no more. Who asks for more of the same seed and
     * blocks gets the same cells first, in the same order.
     *
     * @param blocks number of blocks of each cell
     * @param count how many cells
     */
    public static List<Cell> draw(SearchSpace space, int blocks, int count, long seed) {
        RandomGenerator random = GENERATOR.create(seed + blocks * 0x9E3779B97F4A7C15L);
        long most = Math.min(count, space.distinctCells(blocks));
        SequencedSet<Cell> drawn = new LinkedHashSet<>();
        while (drawn.size() < most) {
            drawn.add(space.random(blocks, random));
        }
        return List.copyOf(drawn);
    }
}
