package pnas.trainer.engine.replay;

import pnas.cell.Cell;
import pnas.oracle.SyntheticOracle;
import pnas.trainer.random.Draws;

/** Measures cells by a {@link SyntheticOracle} that a seed draws, with noise. */
final class Oracle {
    private final long seed;
    private final SyntheticOracle truth;

    Oracle(long seed) {
        this.seed = seed;
        truth = new SyntheticOracle(Draws.seededBy("oracle:" + seed)::nextNormal);
    }

    /**
     * One measurement: the accuracy with normal noise, kept within 0 to 1. The noise depends on the seed and the cell alone, so a cell is
     * measured alike whenever it is measured.
     *
     * @param sigma standard deviation of the noise
     */
    double measure(Cell cell, double sigma) {
        double noise = Draws.seededBy("oracle:" + seed + ":" + cell.id()).nextNormal();
        return Math.clamp(accuracy(cell) + sigma * noise, 0.0, 1.0);
    }

    /** The accuracy without noise. */
    double accuracy(Cell cell) {
        return truth.accuracy(cell);
    }
}
