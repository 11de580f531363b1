package pnas.access;

import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A key to the platform: {@code pnas_ID_SECRET}, where the id is 10 and the secret 64 lower-case hex digits. The prefix lets people and scanners of
 * sources recognize one that got lost; the id may be shown, the text never.
 */
public record ApiKey(String text) {
    /** What every key begins with. */
    public static final String PREFIX = "pnas_";

    private static final int ID_BYTES = 5;
    private static final int SECRET_BYTES = 32;
    private static final Pattern TEXT = Pattern.compile(
            PREFIX + String.format(Locale.ROOT, "[0-9a-f]{%d}_[0-9a-f]{%d}", 2 * ID_BYTES, 2 * SECRET_BYTES));

    public ApiKey {
        if (!isValid(text)) {
            // The text may be a key with a slip of the pen: it is not repeated.
            throw new IllegalArgumentException("a key has the form pnas_ID_SECRET with 10 and 64 hex digits");
        }
    }

    /**
     * A new key.
     *
     * @param random one that nobody can predict: a {@link java.security.SecureRandom}
     */
    public static ApiKey draw(RandomGenerator random) {
        return new ApiKey(PREFIX + digits(random, ID_BYTES) + "_" + digits(random, SECRET_BYTES));
    }

    private static String digits(RandomGenerator random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    /** Whether a text has the form of a key. */
    public static boolean isValid(String text) {
        return TEXT.matcher(text).matches();
    }

    /** What it is called by. */
    public String id() {
        return text.substring(PREFIX.length(), PREFIX.length() + 2 * ID_BYTES);
    }

    /** What is stored in its place. */
    public String hash() {
        return hash(text);
    }

    /**
     * SHA-256 of a text that nobody can guess, as 64 lower-case hex digits. A slow, salted hash protects passwords, which are few enough to be tried one by
     * one; of 256 random bits there are too many for that whatever a try costs, and a slow hash would only help those who send many wrong keys.
     */
    public static String hash(String secret) {
        return DigestUtils.sha256Hex(secret);
    }

    /** Names the key without giving it away. */
    @Override
    public String toString() {
        return PREFIX + id() + "_…";
    }
}
