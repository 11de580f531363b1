package pnas.cli.platform;

/** What the command's exit status means. */
public final class ExitStatus {
    /** The command did what was asked. */
    public static final int DONE = 0;
    /** It was understood and failed. */
    public static final int FAILED = 1;
    /** The arguments, or the experiment that they describe, are wrong. */
    public static final int USAGE = 2;
    /** No platform answers. */
    public static final int NOT_REACHABLE = 3;

    private ExitStatus() {}
}
