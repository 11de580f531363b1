package pnas.trainer.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of the processor, and the blocks of 16 numbers in which everything is laid out whatever the processor has. */
final class Lanes {
    /** Numbers of a block. Lengths of packed rows are multiples of it, and sums over lanes have this many: it decides bits, and never changes. */
    static final int BLOCK = 16;

    /** Vectors of 8 numbers (AVX2) or of 16 (AVX-512). */
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    /** Numbers of a vector: a divisor of {@link #BLOCK}. */
    static final int LENGTH = SPECIES.length();

    private Lanes() {}

    /** The least multiple of {@link #BLOCK} that is no less than this. */
    static int padded(int length) {
        return (length + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** After how many numbers the channels of pixels that lie behind each other meet the blocks at the same place again. */
    static int period(int channels) {
        int a = channels;
        int b = BLOCK;
        while (b != 0) {
            int rest = a % b;
            a = b;
            b = rest;
        }
        return channels * (BLOCK / a);
    }

    /** One number for each channel, repeated over a {@link #period}. */
    static void repeat(float[] ofChannels, int channels, float[] period) {
        for (int i = 0; i < period.length; i++) {
            period[i] = ofChannels[i % channels];
        }
    }

    /** Adds up what a period holds for each channel, in the order of the period. */
    static void fold(float[] period, int from, int length, double[] ofChannels, int to, int channels) {
        for (int i = 0; i < length; i++) {
            ofChannels[to + i % channels] += period[from + i];
        }
    }
}
