package pnas.orchestrator.experiment;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What marks the repetitions of one request to create an experiment.
 *
 * @param text chosen by the client, 1 to 200 printable ASCII characters
 * @param bodyHash SHA-256 of the request's body, in hex
 */
public record CreationKey(String text, String bodyHash) {
    private static final Pattern TEXT = Pattern.compile("[\\x20-\\x7E]{1,200}");

    public CreationKey {
        if (!isValid(text)) {
            throw new IllegalArgumentException("a key has 1 to 200 printable ASCII characters, got '" + text + "'");
        }
    }

    /** The key of a request with this body. */
    public static CreationKey of(String text, byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return new CreationKey(text, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Whether a text can be a key. */
    public static boolean isValid(String text) {
        return TEXT.matcher(text).matches();
    }
}
