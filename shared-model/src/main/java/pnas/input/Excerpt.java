package pnas.input;

/** What a refusal shows of a text. */
public final class Excerpt {
    private static final int MOST = 60;

    private Excerpt() {}

    /** Its beginning, with whatever nobody sees written out: a byte order mark as {@code \}{@code ufeff}. */
    public static String of(String text) {
        StringBuilder excerpt = new StringBuilder();
        int shown = Math.min(MOST, text.length());
        for (int at = 0; at < shown; ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (isVisible(character)) {
                excerpt.appendCodePoint(character);
            } else {
                Character.toString(character).chars().forEach(unit -> excerpt.append("\\u%04x".formatted(unit)));
            }
        }
        return text.length() <= MOST ? excerpt.toString() : excerpt.append('…').toString();
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
