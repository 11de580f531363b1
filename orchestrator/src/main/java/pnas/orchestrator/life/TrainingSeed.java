package pnas.orchestrator.life;

import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;

/** The seed of a training, which depends on the experiment's seed, the cell and its repeat alone. */
public final class TrainingSeed {
    private TrainingSeed() {}

    /** The first 8 bytes, big-endian and without sign, of the SHA-256 of {@code {experiment seed}:{cell id}} in UTF-8. */
    public static long of(long experimentSeed, String cellId) {
        return of(experimentSeed + ":" + cellId);
    }

    /** That of a repeat, from 1: in the same way of {@code {experiment seed}:{cell id}:{repeat}}; repeat 0 is the first training of the cell. */
    public static long of(long experimentSeed, String cellId, int repeat) {
        return repeat == 0 ? of(experimentSeed, cellId) : of(experimentSeed + ":" + cellId + ":" + repeat);
    }

    private static long of(String text) {
        byte[] hash = DigestUtils.sha256(text);
        return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
    }
}
