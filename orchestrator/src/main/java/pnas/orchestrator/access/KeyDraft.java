package pnas.orchestrator.access;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;
import pnas.failure.Problem;

/**
 * A key that somebody wants.
 *
 * @param name under which is shown what it does, 1 to 100 characters
 * @param role viewer, operator or admin
 * @param days how long it opens, 1 to 3650; absent for ever
 */
public record KeyDraft(
        @Nullable String name,
        @Nullable String role,
        @Nullable Integer days) {
    private static final int MAX_NAME = 100;
    private static final int MAX_DAYS = 3650;

    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (name == null || name.isBlank() || name.length() > MAX_NAME || !PlainText.isPlain(name)) {
            problems.add(new Problem("name", "must have 1 to 100 printable characters, got " + quoted(name)));
        }
        if (found().isEmpty()) {
            String known = Arrays.stream(Role.values()).map(Role::text).collect(Collectors.joining(", "));
            problems.add(new Problem("role", "must be one of " + known + ", got " + quoted(role)));
        }
        if (days != null && (days < 1 || days > MAX_DAYS)) {
            problems.add(new Problem("days", "must be 1 to " + MAX_DAYS + ", got " + days));
        }
        return problems;
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "nothing" : "'" + PlainText.excerpt(text, MAX_NAME) + "'";
    }

    private Optional<Role> found() {
        return Arrays.stream(Role.values())
                .filter(each -> each.text().equals(role))
                .findFirst();
    }

    /** The name, once there are no problems. */
    String named() {
        return requireNonNull(name).strip();
    }

    /** The role, once there are no problems. */
    Role granted() {
        return found().orElseThrow();
    }
}
