package pnas.orchestrator.trial;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, for keys and seeds. */
final class Sha256 {
    private Sha256() {}

    /** 64 lower-case hex digits. */
    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(hash(bytes));
    }

    /** The first 8 bytes of the hash of a text in UTF-8, big-endian and without sign. */
    static long number(String text) {
        return ByteBuffer.wrap(hash(text.getBytes(StandardCharsets.UTF_8))).getLong() & Long.MAX_VALUE;
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
