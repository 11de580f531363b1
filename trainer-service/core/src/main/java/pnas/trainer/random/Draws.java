package pnas.trainer.random;

import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A seeded sequence of numbers: SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014). Written out here
 * because the numbers are part of a result's identity, and the JDK promises those of its generators within one release only.
 */
public final class Draws {
    private long state;

    public Draws(long seed) {
        this.state = seed;
    }

    /** What the numbers to come depend on. */
    public long state() {
        return state;
    }

    /** Goes on as the draws did whose {@link #state} this was. */
    public void restore(long state) {
        this.state = state;
    }

    /** Seeded with the first 8 bytes, big-endian, of the SHA-256 of the text in UTF-8. */
    public static Draws seededBy(String text) {
        return new Draws(ByteBuffer.wrap(DigestUtils.sha256(text)).getLong());
    }

    /** 64 random bits. */
    public long nextLong() {
        state += 0x9E3779B97F4A7C15L;
        long bits = state;
        bits = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ (bits >>> 27)) * 0x94D049BB133111EBL;
        return bits ^ (bits >>> 31);
    }

    /** Uniform in 0 to 1, 1 excluded, a multiple of 2<sup>-53</sup>. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /**
     * Uniform in 0 to {@code bound}, {@code bound} excluded: the high half of a product with 64 random bits, which is off from uniform by less
     * than 2<sup>-32</sup>, and no training can notice.
     */
    public int nextInt(int bound) {
        return (int) Math.unsignedMultiplyHigh(nextLong(), bound);
    }

    /** Standard normal, by the polar method of Marsaglia (the second number of each pair is dropped). */
    public double nextNormal() {
        while (true) {
            double x = 2 * nextDouble() - 1;
            double y = 2 * nextDouble() - 1;
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                return x * Math.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }

    /** Puts the values into a uniformly random order (Fisher and Yates, from the last place to the first). */
    public void shuffle(int[] values) {
        for (int last = values.length - 1; last > 0; last--) {
            int chosen = nextInt(last + 1);
            int value = values[last];
            values[last] = values[chosen];
            values[chosen] = value;
        }
    }
}
