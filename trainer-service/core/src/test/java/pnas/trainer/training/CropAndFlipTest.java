package pnas.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import pnas.network.ImageShape;
import pnas.trainer.random.Draws;

class CropAndFlipTest {
    private static final ImageShape SHAPE = new ImageShape(10, 7, 3);
    private static final int LENGTH = 10 * 7 * 3;

    /** The definition, pixel by pixel: pads, crops, mirrors. */
    private static float[] byHand(float[] image, int top, int left, boolean mirrored) {
        float[][][] padded = new float[10 + 8][7 + 8][3];
        for (int row = 0; row < 10; row++) {
            for (int column = 0; column < 7; column++) {
                for (int channel = 0; channel < 3; channel++) {
                    padded[row + 4][column + 4][channel] = image[(row * 7 + column) * 3 + channel];
                }
            }
        }
        float[] cropped = new float[LENGTH];
        for (int row = 0; row < 10; row++) {
            for (int column = 0; column < 7; column++) {
                for (int channel = 0; channel < 3; channel++) {
                    int from = mirrored ? 6 - column : column;
                    cropped[(row * 7 + column) * 3 + channel] = padded[top + row][left + from][channel];
                }
            }
        }
        return cropped;
    }

    @Test
    void every_crop_and_its_mirror_image_come_out_and_nothing_else() {
        float[] image = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            image[i] = i + 1;
        }
        Set<String> expected = new HashSet<>();
        for (int top = 0; top <= 8; top++) {
            for (int left = 0; left <= 8; left++) {
                expected.add(Arrays.toString(byHand(image, top, left, false)));
                expected.add(Arrays.toString(byHand(image, top, left, true)));
            }
        }
        CropAndFlip cropAndFlip = new CropAndFlip(SHAPE);
        Draws draws = new Draws(1);
        Set<String> varied = new HashSet<>();
        for (int draw = 0; draw < 3_000; draw++) {
            float[] pixels = image.clone();
            cropAndFlip.apply(pixels, 0, draws);
            varied.add(Arrays.toString(pixels));
        }

        assertThat(varied).isEqualTo(expected).hasSize(2 * 9 * 9);
    }

    @Test
    void leaves_the_other_images_of_the_batch_alone() {
        float[] pixels = new float[3 * LENGTH];
        Arrays.fill(pixels, 5);

        new CropAndFlip(SHAPE).apply(pixels, 1, new Draws(3));

        assertThat(Arrays.copyOfRange(pixels, 0, LENGTH)).containsOnly(5);
        assertThat(Arrays.copyOfRange(pixels, LENGTH, 2 * LENGTH)).contains(0);
        assertThat(Arrays.copyOfRange(pixels, 2 * LENGTH, 3 * LENGTH)).containsOnly(5);
    }
}
