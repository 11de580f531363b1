package pnas.orchestrator.access;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * How people sign in at an OpenID Connect provider (its authorization code flow), where the configuration names one for that. The provider is asked once: from
 * then on the browser has a session like one that was opened with a key.
 */
@ApplicationScoped
public class ProviderLogin {
    /** Where browsers go to the provider from, and where it sends them back to. */
    public static final String PATH = "/login/openid";

    private final boolean offered;

    ProviderLogin(
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled") boolean enabled,
            @ConfigProperty(name = "quarkus.oidc.application-type") String type) {
        this.offered = enabled && !type.equals("service");
    }

    /** Whether there is a provider for people, and not only for tokens. */
    public boolean isOffered() {
        return offered;
    }

    /** Whether somebody comes from the provider at this moment. */
    public boolean isFrom(SecurityIdentity identity) {
        return identity.getPrincipal() instanceof JsonWebToken;
    }

    /** The highest role that the provider gives somebody; absent where it gives none of this platform. */
    public Optional<Role> role(SecurityIdentity identity) {
        return Arrays.stream(Role.values())
                .filter(role -> identity.hasRole(role.text()))
                .max(Comparator.naturalOrder());
    }
}
