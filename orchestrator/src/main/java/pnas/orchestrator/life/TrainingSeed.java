package pnas.orchestrator.life;

import java.nio.ByteBuffer;
import org.apache.commons.codec.digest.DigestUtils;

/** The seed of a training, which depends on the experiment's seed and the cell alone. */
public final class TrainingSeed {
    private TrainingSeed() {}

    /** The first 8 bytes, big-endian and without sign, of the SHA-256 of {@code {experiment seed}:{cell id}} in UTF-8. */
    public static long of(long experimentSeed, String cellId) {
        byte[] hash = DigestUtils.sha256(experimentSeed + ":" + cellId);
        return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
    }
}
