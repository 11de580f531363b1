package pnas.trainer.training;

import pnas.message.TrainingSettings.Augmentation;
import pnas.network.ImageShape;
import pnas.trainer.dataset.TrainingData.Part;
import pnas.trainer.random.Draws;

/** Fills one pair of arrays with batch after batch. */
final class Batches {
    private final int batchSize;
    private final ImageShape shape;
    private final float[] pixels;
    private final int[] labels;
    private final CropAndFlip cropAndFlip;

    Batches(int batchSize, ImageShape shape) {
        this.batchSize = batchSize;
        this.shape = shape;
        this.pixels = new float[batchSize * shape.height() * shape.width() * shape.channels()];
        this.labels = new int[batchSize];
        this.cropAndFlip = new CropAndFlip(shape);
    }

    /** As {@link #fill}, with the images varied by numbers from the draws, in the order of the batch. */
    Batch fillVaried(Part part, int[] order, int batch, Augmentation augmentation, Draws draws) {
        Batch filled = fill(part, order, batch);
        switch (augmentation) {
            case NONE -> {}
            case CROP_FLIP -> {
                for (int place = 0; place < filled.size(); place++) {
                    cropAndFlip.apply(pixels, place, draws);
                }
            }
        }
        return filled;
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
