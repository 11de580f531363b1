package pnas.cli;

/**
 * Where the output goes.
 *
 * @param isTerminal whether a person looks at it and escape codes move the cursor
 * @param width columns of a line
 */
record Screen(boolean isTerminal, int width) {
    private static final int LEAST_WIDTH = 20;

    Screen {
        if (width < LEAST_WIDTH) {
            throw new IllegalArgumentException("width must be at least " + LEAST_WIDTH + ", got " + width);
        }
    }

    /** The screen of this process: the launcher knows whether it is a terminal, and says its width in {@code pnas.columns} if so. */
    static Screen ofProcess() {
        Integer columns = Integer.getInteger("pnas.columns");
        return columns == null ? new Screen(false, 80) : new Screen(true, Math.max(columns, LEAST_WIDTH));
    }
}
