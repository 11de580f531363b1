package pnas.failure;

import java.util.HexFormat;
import java.util.function.IntPredicate;

/** Texts that come from outside, and what of them may be kept and shown. Characters here are code points: one that takes two {@code char}s is never cut. */
public final class PlainText {
    private static final int SHORT = 60;

    private PlainText() {}

    /** Whether a text has neither control characters nor halves of surrogate pairs, which no database and no UTF-8 can hold. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    private static boolean isPlain(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }

    /** The first 60 characters of a text, as {@link #excerpt(String, int)} shows them. */
    public static String excerpt(String text) {
        return excerpt(text, SHORT);
    }

    /**
     * The beginning of a text, fit to stand in a message: what nobody sees is written out, a byte order mark as {@code \}{@code ufeff}, and an ellipsis
     * tells of what is left out.
     *
     * @param most how many characters of the text are shown
     */
    public static String excerpt(String text, int most) {
        return excerpt(text, most, PlainText::isVisible);
    }

    /** The beginning of a text of several lines, which stay so. Of the rest only what is not plain is written out. */
    public static String excerptOfLines(String text, int most) {
        return excerpt(text, most, character -> isPlain(character) || "\n\r\t".indexOf(character) >= 0);
    }

    private static String excerpt(String text, int most, IntPredicate stays) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(character -> {
            if (stays.test(character)) {
                shown.appendCodePoint(character);
            } else {
                Character.toString(character)
                        .chars()
                        .forEach(unit ->
                                shown.append("\\u").append(HexFormat.of().toHexDigits((char) unit)));
            }
        });
        return text.codePointCount(0, text.length()) > most ? shown.append('…').toString() : shown.toString();
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> character == ' ';
            default -> true;
        };
    }
}
