package pnas.trainer.training;

import pnas.network.ImageShape;

/**
 * Images with their classes. The arrays are reused by the next batch: an engine copies what it keeps.
 *
 * @param pixels standardised pixels, layout (N, H, W, C), the first {@code size} images are valid
 * @param labels classes from 0, the first {@code size} are valid
 * @param size number of images N
 * @param shape H, W and C of each image
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier between the loop and an engine, never compared or kept.
public record Batch(float[] pixels, int[] labels, int size, ImageShape shape) {
    public Batch {
        int imageLength = shape.height() * shape.width() * shape.channels();
        if (size < 1 || labels.length < size || pixels.length < size * imageLength) {
            throw new IllegalArgumentException("a batch of " + size + " images of " + shape + " needs " + size
                    + " labels and " + size * imageLength + " pixels, got " + labels.length + " and " + pixels.length);
        }
    }

    /**
     * How many of its images have their greatest score at their label; of equal scores the first counts.
     *
     * @param scores (N, classes), one row after the other
     */
    public int countCorrect(float[] scores, int classes) {
        int correct = 0;
        for (int image = 0; image < size; image++) {
            int best = 0;
            for (int label = 1; label < classes; label++) {
                best = scores[image * classes + label] > scores[image * classes + best] ? label : best;
            }
            correct += best == labels[image] ? 1 : 0;
        }
        return correct;
    }
}
