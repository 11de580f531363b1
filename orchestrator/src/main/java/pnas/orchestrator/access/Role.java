package pnas.orchestrator.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What somebody may do. Each role may do what those before it may. */
public enum Role {
    /** Read everything but the keys. */
    VIEWER,
    /** Create experiments and steer them. */
    OPERATOR,
    /** Make and revoke keys. */
    ADMIN;

    /** The name in REST and on the command line. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all roles whose rights it has. */
    public Set<String> rights() {
        return Arrays.stream(values())
                .filter(role -> role.ordinal() <= ordinal())
                .map(Role::text)
                .collect(Collectors.toUnmodifiableSet());
    }
}
