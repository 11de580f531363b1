package pnas.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A failure with a code. Its message is for a person: what failed, which id, what was expected and found, what to do. */
public final class PnasException extends RuntimeException {
    /** So many problems are told; a body of a mebibyte may have a hundred thousand. */
    private static final int MOST_PROBLEMS = 100;

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

    /** The failure of input with these problems, reported at once: a hundred of them, and how many more there are. */
    public static PnasException invalidInput(List<Problem> problems) {
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("invalid input needs at least one problem");
        }
        List<Problem> told = new ArrayList<>(problems.subList(0, Math.min(problems.size(), MOST_PROBLEMS)));
        if (problems.size() > told.size()) {
            told.add(new Problem("…", problems.size() - told.size() + " more problems are left out"));
        }
        String message = told.stream().map(Problem::toString).collect(Collectors.joining("; "));
        return new PnasException(ErrorCode.INVALID_INPUT, message, told, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** The fields that are wrong; empty unless the code is {@link ErrorCode#INVALID_INPUT}. */
    public List<Problem> problems() {
        return problems;
    }
}
