package pnas.cli.screen;

import org.jspecify.annotations.Nullable;

/**
 * Where the output goes.
 *
 * @param isTerminal whether a person looks at it and escape codes move the cursor
 * @param width columns of a line
 * @param isColoured whether escape codes may colour it
 */
public record Screen(boolean isTerminal, int width, boolean isColoured) {
    /** Of a line where nobody says how wide it is, and of the pages of help. */
    public static final int USUAL_WIDTH = 80;

    private static final int LEAST_WIDTH = 20;

    public Screen {
        if (width < LEAST_WIDTH) {
            throw new IllegalArgumentException("width must be at least " + LEAST_WIDTH + ", got " + width);
        }
        if (isColoured && !isTerminal) {
            throw new IllegalArgumentException("only a terminal has colours");
        }
    }

    /** The screen of this process: the launcher knows whether it is a terminal, and says its width in {@code pnas.columns} if so. */
    public static Screen ofProcess() {
        return of(Integer.getInteger("pnas.columns"), System.getenv("NO_COLOR"));
    }

    /**
     * A screen.
     *
     * @param columns its width; null where it is no terminal
     * @param noColor the variable of that name, which keeps colours away unless it is empty
     */
    public static Screen of(@Nullable Integer columns, @Nullable String noColor) {
        return columns == null
                ? new Screen(false, USUAL_WIDTH, false)
                : new Screen(true, Math.max(columns, LEAST_WIDTH), noColor == null || noColor.isEmpty());
    }
}
