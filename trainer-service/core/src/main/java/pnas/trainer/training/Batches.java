package pnas.trainer.training;

import pnas.network.ImageShape;
import pnas.trainer.dataset.TrainingData.Part;

/** Fills one pair of arrays with batch after batch. */
final class Batches {
    private final int batchSize;
    private final ImageShape shape;
    private final float[] pixels;
    private final int[] labels;

    Batches(int batchSize, ImageShape shape) {
        this.batchSize = batchSize;
        this.shape = shape;
        this.pixels = new float[batchSize * shape.height() * shape.width() * shape.channels()];
        this.labels = new int[batchSize];
    }

    /** Batch number {@code batch}, from 0, of a part in this order; smaller than the others where the part ends in it. */
    Batch fill(Part part, int[] order, int batch) {
        int from = batch * batchSize;
        int size = Math.min(batchSize, part.size() - from);
        for (int place = 0; place < size; place++) {
            part.copy(order[from + place], place, pixels, labels);
        }
        return new Batch(pixels, labels, size, shape);
    }
}
