package pnas.orchestrator.specification;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.Messages;

/** Everything that is wrong with what somebody wrote. A check that fails notes its problem and gives a value to go on with. */
final class Problems {
    private static final int EXCERPT = 100;

    private final List<Problem> found = new ArrayList<>();

    void add(String field, String message) {
        found.add(new Problem(field, message));
    }

    /** Whether something is wrong with one of these fields. */
    boolean areIn(Collection<String> fields) {
        return found.stream().anyMatch(problem -> fields.contains(problem.field()));
    }

    /** Whether something is wrong with a field whose name begins so. */
    boolean areBelow(String prefix) {
        return found.stream().anyMatch(problem -> problem.field().startsWith(prefix));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Does nothing where nothing is wrong.
     *
     * @throws PnasException with all problems
     */
    void refuse() {
        if (!found.isEmpty()) {
            throw PnasException.invalidInput(found);
        }
    }

    int between(String field, int value, int least, int most) {
        boolean _ = isBetween(field, value, least, most);
        return value;
    }

    double between(String field, double value, double least, double most) {
        boolean _ = isBetween(field, value, least, most);
        return value;
    }

    boolean isBetween(String field, double value, double least, double most) {
        boolean within = value >= least && value <= most;
        if (!within) {
            add(field, "must be " + text(least) + " to " + text(most) + ", got " + text(value));
        }
        return within;
    }

    /** The constant of this text; any other text is a problem. */
    <E extends Enum<E>> E constant(String field, @Nullable String text, E usual) {
        if (text == null) {
            return usual;
        }
        Class<E> type = usual.getDeclaringClass();
        String _ = oneOf(
                field,
                text,
                Arrays.stream(type.getEnumConstants()).map(Messages::text).toList());
        return Messages.find(type, text).orElse(usual);
    }

    String oneOf(String field, String text, List<String> known) {
        if (!known.contains(text)) {
            add(field, "must be one of " + String.join(", ", known) + ", got '" + excerpt(text) + "'");
        }
        return text;
    }

    static String excerpt(@Nullable String text) {
        return PlainText.excerpt(String.valueOf(text), EXCERPT);
    }

    /** A number without the point of a whole one. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
