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
}
