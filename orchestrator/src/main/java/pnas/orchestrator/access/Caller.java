package pnas.orchestrator.access;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;
import org.jspecify.annotations.Nullable;

/** On whose behalf the present request runs. Templates know it as {@code caller}. */
@Named("caller")
@ApplicationScoped
public class Caller {
    /** The principal of those that were not asked who they are: the platform's own account and root, on loopback. */
    public static final String UNASKED = "";

    /** What an identity that showed a key has its hash under. */
    public static final String KEY_HASH = "pnas.key-hash";

    private final SecurityIdentity identity;

    Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The name of the key, or of the person; absent where nobody was asked. */
    public @Nullable String name() {
        String name = identity.getPrincipal().getName();
        return identity.isAnonymous() || name.equals(UNASKED) ? null : name;
    }

    /** Whether it was taken for the platform's own account or root. */
    public boolean isUnasked() {
        return !identity.isAnonymous() && identity.getPrincipal().getName().equals(UNASKED);
    }

    /** The hash of the key that it showed with this request; absent where it showed none. */
    public @Nullable String keyHash() {
        return identity.getAttribute(KEY_HASH);
    }

    /** Whether it may change anything. */
    public boolean operator() {
        return identity.hasRole(Role.OPERATOR.text()) || identity.hasRole(Role.ADMIN.text());
    }
}
