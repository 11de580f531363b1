package pnas.orchestrator.trial;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The seed of a training, which depends on the experiment's seed and the cell alone. */
final class TrainingSeed {
    private TrainingSeed() {}

    /** The first 8 bytes, big-endian and without sign, of the SHA-256 of {@code {experiment seed}:{cell id}} in UTF-8. */
    static long of(long experimentSeed, String cellId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((experimentSeed + ":" + cellId).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
