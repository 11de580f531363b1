package pnas.failure;

/**
 * One thing that is wrong with one field of the input.
 *
 * @param field the path of the field as the sender wrote it, for instance {@code training.epochs}
 * @param message what was expected and what was given, for instance {@code must be 1 to 5, got 6}
 */
public record Problem(String field, String message) {
    public Problem {
        if (field.isBlank() || message.isBlank()) {
            throw new IllegalArgumentException(
                    "a problem needs a field and a message, got '" + field + "' and '" + message + "'");
        }
    }

    @Override
    public String toString() {
        return field + ": " + message;
    }
}
