package pnas.failure;

/** Texts that come from outside, and what of them may be kept and shown. Characters here are code points: one that takes two {@code char}s is never cut. */
public final class PlainText {
    private PlainText() {}

    /** Whether a text has neither control characters nor halves of surrogate pairs, which no database and no UTF-8 can hold. */
    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(PlainText::isPlain);
    }

    private static boolean isPlain(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }

    /**
     * The beginning of a text, fit to stand in a message: what is not plain is shown as {@code \}{@code u0000}, and an ellipsis tells of what is left out.
     *
     * @param most how many characters of the text are shown
     */
    public static String excerpt(String text, int most) {
        return excerpt(text, most, "");
    }

    /** As {@link #excerpt}, of a text of several lines, which stay so. */
    public static String excerptOfLines(String text, int most) {
        return excerpt(text, most, "\n\r\t");
    }

    private static String excerpt(String text, int most, String kept) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(most).forEach(character -> {
            if (isPlain(character) || kept.indexOf(character) >= 0) {
                shown.appendCodePoint(character);
            } else {
                shown.append("\\u%04x".formatted(character));
            }
        });
        return text.codePointCount(0, text.length()) > most ? shown.append('…').toString() : shown.toString();
    }
}
