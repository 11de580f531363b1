package pnas.orchestrator.access;

import java.util.Locale;

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
}
