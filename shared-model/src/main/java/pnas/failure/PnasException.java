package pnas.failure;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A failure with a code. Its message is for a person: what failed, which id, what was expected and found, what to do. */
public final class PnasException extends RuntimeException {
    private final ErrorCode code;
    private final List<Problem> problems;

    public PnasException(ErrorCode code, String message) {
        this(code, message, List.of(), null);
    }

    public PnasException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, List.of(), cause);
    }

    private PnasException(ErrorCode code, String message, List<Problem> problems, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.problems = List.copyOf(problems);
    }

    /** The failure of input with these problems, all of them reported at once. */
    public static PnasException invalidInput(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("invalid input needs at least one problem");
        }
        String message = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
        return new PnasException(ErrorCode.INVALID_INPUT, message, problems, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** The fields that are wrong; empty unless the code is {@link ErrorCode#INVALID_INPUT}. */
    public List<Problem> problems() {
        return problems;
    }
}
