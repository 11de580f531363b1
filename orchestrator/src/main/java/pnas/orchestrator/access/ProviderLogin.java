package pnas.orchestrator.access;

import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How people sign in at an OpenID Connect provider (its authorization code flow), where the configuration names one for that. The provider is asked once: from
 * then on the browser has a session like one that was opened with a key.
 */
@ApplicationScoped
public class ProviderLogin {
    /** Where browsers go to the provider from, and where it sends them back to. */
    public static final String PATH = "/login/openid";

    /** What {@code /login} is told where the provider does not answer. */
    public static final String UNAVAILABLE = "unavailable";

    /** What it is told where the provider gives somebody no role of this platform. */
    public static final String NO_ROLE = "no_role";

    private final boolean offered;

    ProviderLogin(
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled,
            @ConfigProperty(name = "quarkus.oidc.application-type") ApplicationType type) {
        this.offered = enabled && type != ApplicationType.SERVICE;
    }

    /** Whether there is a provider for people, and not only for tokens. */
    public boolean isOffered() {
        return offered;
    }

    /** Whether somebody comes from the provider at this moment, which is more than to have a token of it. */
    public boolean isFrom(SecurityIdentity identity) {
        return offered && identity.getCredential(IdTokenCredential.class) != null;
    }

    /** The highest role that the provider gives somebody; absent where it gives none of this platform. */
    public Optional<Role> role(SecurityIdentity identity) {
        return Arrays.stream(Role.values())
                .filter(role -> identity.hasRole(role.text()))
                .max(Comparator.naturalOrder());
    }
}
