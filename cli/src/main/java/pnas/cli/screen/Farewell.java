package pnas.cli.screen;

/** What a command says when a signal ends it before it is done. From then on nothing else is drawn. */
public final class Farewell implements AutoCloseable {
    private final Runnable words;
    private final Thread hook = new Thread(this::tell, "farewell");
    private boolean told;

    /** Is said until this is closed. */
    public Farewell(Runnable words) {
        this.words = words;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Shows nothing once the words are said, which it would draw over. */
    public ProgressDisplay unlessTold(ProgressDisplay display) {
        return new ProgressDisplay.Guarded(display, this::unlessTold);
    }

    private synchronized void unlessTold(Runnable drawing) {
        if (!told) {
            drawing.run();
        }
    }

    /** What the signal does. */
    public synchronized void tell() {
        if (!told) {
            told = true;
            words.run();
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal was faster.
        }
    }
}
