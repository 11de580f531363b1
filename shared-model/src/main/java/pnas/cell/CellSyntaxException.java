package pnas.cell;

/**
 * A text that is no cell. The message has three lines: what was expected and found, the text, and a caret under the error.
 */
public final class CellSyntaxException extends IllegalArgumentException {
    private final String text;
    private final int position;

    CellSyntaxException(String text, int position, String problem) {
        super(problem + " at character " + (position + 1) + "\n  " + text.replaceAll("\\p{Cntrl}", "?") + "\n  "
                + " ".repeat(position) + "^");
        this.text = text;
        this.position = position;
    }

    /** The text that was read; only its beginning where it was too long. */
    public String text() {
        return text;
    }

    /** Where in the text the error is, from 0; the length of the text where it ends too early. */
    public int position() {
        return position;
    }
}
