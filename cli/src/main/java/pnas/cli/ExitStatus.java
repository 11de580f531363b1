package pnas.cli;

/** What the command's exit status means. */
final class ExitStatus {
    /** The command did what was asked. */
    static final int DONE = 0;
    /** It was understood and failed. */
    static final int FAILED = 1;
    /** The arguments, or the experiment that they describe, are wrong. */
    static final int USAGE = 2;
    /** No platform answers. */
    static final int NOT_REACHABLE = 3;

    private ExitStatus() {}
}
