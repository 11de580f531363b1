package pnas.cli.platform;

import java.util.Objects;

/** Ends the command: a message for the person who ran it, and one of {@link ExitStatus}. */
public final class CommandFailedException extends RuntimeException {
    private final int exitStatus;

    private CommandFailedException(int exitStatus, String message) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public static CommandFailedException failed(String message) {
        return new CommandFailedException(ExitStatus.FAILED, message);
    }

    public static CommandFailedException usage(String message) {
        return new CommandFailedException(ExitStatus.USAGE, message);
    }

    /** The arguments are what a domain type refused, in its words. */
    public static CommandFailedException usage(IllegalArgumentException refusal) {
        return usage(Objects.requireNonNullElse(refusal.getMessage(), "the arguments do not fit together"));
    }

    static CommandFailedException notReachable(String message) {
        return new CommandFailedException(ExitStatus.NOT_REACHABLE, message);
    }

    public int exitStatus() {
        return exitStatus;
    }
}
