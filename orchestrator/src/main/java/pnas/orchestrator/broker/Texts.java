package pnas.orchestrator.broker;

import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;

/** Texts in records, which come from outside and end in rows and on pages. */
public final class Texts {
    private static final int NAME = 200;

    private Texts() {}

    /**
     * Refuses a text that is no name.
     *
     * @throws PnasException with {@link ErrorCode#MALFORMED_MESSAGE} for a name that is blank, longer than 200 characters or has control
     *     characters
     */
    public static void requireName(String what, String name) {
        if (name.isBlank() || name.length() > NAME || !PlainText.isPlain(name)) {
            throw new PnasException(
                    ErrorCode.MALFORMED_MESSAGE,
                    what + " must be 1 to " + NAME + " characters without control characters");
        }
    }
}
