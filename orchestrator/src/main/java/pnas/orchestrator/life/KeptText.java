package pnas.orchestrator.life;

import pnas.failure.PlainText;

/** What is kept of a text from outside, which ends in rows and on pages. */
public final class KeptText {
    private static final int LENGTH = 2000;

    private KeptText() {}

    /** The beginning of a message for people, without characters that a database refuses. */
    public static String of(String message) {
        return PlainText.excerptOfLines(message, LENGTH);
    }
}
