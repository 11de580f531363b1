package pnas.orchestrator.access;

import java.util.regex.Pattern;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;

/**
 * What a key is named by: the part of it that may be shown.
 *
 * @param text 10 lower-case hex digits
 */
public record KeyId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{10}");

    public KeyId {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("a key's id has 10 lower-case hex digits");
        }
    }

    /**
     * The id that somebody wrote.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} for a text that no key has for its id
     */
    public static KeyId parse(String text) {
        try {
            return new KeyId(text);
        } catch (IllegalArgumentException e) {
            throw new PnasException(
                    ErrorCode.NOT_FOUND,
                    "there is no key with the id '" + PlainText.excerpt(text) + "': " + e.getMessage(),
                    e);
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
