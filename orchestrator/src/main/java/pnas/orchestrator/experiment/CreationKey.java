package pnas.orchestrator.experiment;

import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;

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
        return new CreationKey(text, DigestUtils.sha256Hex(body));
    }

    /** Whether a text can be a key. */
    public static boolean isValid(String text) {
        return TEXT.matcher(text).matches();
    }
}
