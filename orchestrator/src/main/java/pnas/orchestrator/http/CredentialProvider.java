package pnas.orchestrator.http;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import pnas.access.ApiKey;
import pnas.orchestrator.access.Admission;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.access.Keys;
import pnas.orchestrator.access.Refusals;
import pnas.orchestrator.access.Role;

/** Says who shows a credential. */
@ApplicationScoped
class CredentialProvider implements IdentityProvider<Credential> {
    private final Keys keys;
    private final Refusals refusals;

    CredentialProvider(Keys keys, Refusals refusals) {
        this.keys = keys;
        this.refusals = refusals;
    }

    @Override
    public Class<Credential> getRequestType() {
        return Credential.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(Credential credential, AuthenticationRequestContext context) {
        return context.runBlocking(() -> identity(credential));
    }

    private SecurityIdentity identity(Credential credential) {
        Admission admission =
                credential.isSession() ? keys.checkSession(credential.text()) : keys.check(credential.text());
        return switch (admission) {
            case Admission.Admitted(String name, Role role) when credential.isSession() -> identity(name, role);
            case Admission.Admitted(String name, Role role) ->
                builder(name, role)
                        .addAttribute(Caller.KEY_HASH, ApiKey.hash(credential.text()))
                        .build();
            case Admission.Refused(var reason) -> {
                refusals.count(reason);
                throw new AuthenticationFailedException(reason.sentence());
            }
        };
    }

    static SecurityIdentity identity(String name, Role role) {
        return builder(name, role).build();
    }

    private static QuarkusSecurityIdentity.Builder builder(String name, Role role) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(name))
                .addRole(role.text());
    }
}
