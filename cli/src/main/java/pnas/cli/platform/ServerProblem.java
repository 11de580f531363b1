package pnas.cli.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A refusal of the orchestrator, the body of a response of type {@code application/problem+json}.
 *
 * @param type the stable name of the failure, for instance {@code urn:pnas:problem:invalid-input}
 * @param errors the fields that are wrong; may be absent
 */
record ServerProblem(
        @Nullable String type,
        @Nullable String title,
        @Nullable String detail,
        @Nullable List<FieldError> errors) {

    /**
     * One wrong field.
     *
     * @param field its path in the request, for instance {@code training.epochs}
     */
    record FieldError(String field, String message) {}

    public static ServerProblem of(JsonNode body) {
        return Json.read(body, ServerProblem.class);
    }

    /**
     * The failure that ends the command: one line for each field, with the option that sets it.
     *
     * @param options of the command line, by the field of a request that each sets
     */
    CommandFailedException asFailure(int status, Function<String, Optional<String>> options) {
        if (errors == null || errors.isEmpty()) {
            String words = Optional.ofNullable(detail)
                    .or(() -> Optional.ofNullable(title))
                    .orElse("it gave no reason");
            return CommandFailedException.failed(
                    String.format(Locale.ROOT, "the platform refused (status %d): %s", status, words));
        }
        StringBuilder message = new StringBuilder(Objects.requireNonNullElse(title, "invalid input"));
        for (FieldError error : errors) {
            message.append("\n  ").append(error.field());
            options.apply(error.field())
                    .ifPresent(option -> message.append(" (").append(option).append(')'));
            message.append(": ").append(error.message());
        }
        return isInvalidInput()
                ? CommandFailedException.usage(message.toString())
                : CommandFailedException.failed(message.toString());
    }

    private boolean isInvalidInput() {
        return type != null && type.endsWith(":invalid-input");
    }
}
