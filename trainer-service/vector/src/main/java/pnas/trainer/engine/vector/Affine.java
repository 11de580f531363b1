package pnas.trainer.engine.vector;

import java.util.Arrays;

/** What a reader of a feature map applies to each number: a scale and a shift by channel. By itself one and zero, which change nothing. */
class Affine {
    final int channels;
    final int period;
    /** One period. */
    final float[] scale;
    /** One period. */
    final float[] shift;

    Affine(int channels) {
        this.channels = channels;
        this.period = Lanes.period(channels);
        this.scale = new float[period];
        this.shift = new float[period];
        Arrays.fill(scale, 1);
    }
}
