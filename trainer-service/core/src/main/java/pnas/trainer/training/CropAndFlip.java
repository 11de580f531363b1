package pnas.trainer.training;

import java.util.Arrays;
import pnas.network.ImageShape;
import pnas.trainer.random.Draws;

/**
 * Varies images of a batch in place: padded by 4 pixels of the mean colour on each side, cropped to their size at a uniformly random place, and
 * mirrored left to right with probability one half. Works on standardised pixels, in which the mean colour is zero.
 */
final class CropAndFlip {
    static final int PADDING = 4;

    private final ImageShape shape;
    private final int rowLength;
    private final float[] original;

    CropAndFlip(ImageShape shape) {
        this.shape = shape;
        this.rowLength = shape.width() * shape.channels();
        this.original = new float[shape.height() * rowLength];
    }

    /**
     * Varies one image. Takes three numbers from the draws: place of the crop from the top, from the left, mirrored or not.
     *
     * @param pixels standardised pixels, layout (N, H, W, C)
     * @param place place of the image in the batch, from 0
     */
    void apply(float[] pixels, int place, Draws draws) {
        int down = draws.nextInt(2 * PADDING + 1) - PADDING;
        int right = draws.nextInt(2 * PADDING + 1) - PADDING;
        boolean mirrored = draws.nextInt(2) == 1;
        int start = place * original.length;
        System.arraycopy(pixels, start, original, 0, original.length);
        Arrays.fill(pixels, start, start + original.length, 0);
        // What is left of the image where the crop reaches into the padding.
        for (int row = Math.max(0, -down); row < Math.min(shape.height(), shape.height() - down); row++) {
            for (int column = Math.max(0, -right); column < Math.min(shape.width(), shape.width() - right); column++) {
                int target = mirrored ? shape.width() - 1 - column : column;
                System.arraycopy(
                        original,
                        (row + down) * rowLength + (column + right) * shape.channels(),
                        pixels,
                        start + row * rowLength + target * shape.channels(),
                        shape.channels());
            }
        }
    }
}
