package pnas.orchestrator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.access.ApiKey;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.access.ProviderLogin;
import pnas.orchestrator.access.Refusal;
import pnas.orchestrator.access.Refusals;
import pnas.orchestrator.access.Role;

/**
 * Reads who sends a request: a key in {@code Authorization: Bearer}, or the cookie of a browser that signed in. Who shows neither may do everything where
 * the orchestrator listens on loopback alone and that is its own account or root, unless the configuration asks for keys there too, and nothing elsewhere.
 * What is wrong is refused everywhere. Which role a path and a method need stands in the application's properties.
 */
@ApplicationScoped
public class KeyMechanism implements HttpAuthenticationMechanism {
    /** The cookie with the token of a session. */
    public static final String COOKIE = "pnas_session";

    private static final Logger LOG = Logger.getLogger(KeyMechanism.class);
    private static final String BEARER = "Bearer ";
    private static final String REASON = KeyMechanism.class.getName() + ".reason";

    private final boolean asksAll;
    private final LocalClients local;
    private final Refusals refusals;
    private final ProviderLogin provider;
    private final ObjectMapper json;

    KeyMechanism(
            @ConfigProperty(name = "pnas.access.require-key") boolean requireKey,
            @ConfigProperty(name = "quarkus.http.host") String listens,
            LocalClients local,
            Refusals refusals,
            ProviderLogin provider,
            ObjectMapper json)
            throws UnknownHostException {
        this.asksAll = requireKey || !InetAddress.getByName(listens).isLoopbackAddress();
        this.local = local;
        this.refusals = refusals;
        this.provider = provider;
        this.json = json;
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(Credential.class);
    }

    /** Before those of others, which take any bearer token for theirs. */
    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1000;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            return isKey(authorization)
                    ? identity(context, providers, new Credential(authorization.substring(BEARER.length()), false))
                    // Another mechanism may know it.
                    : Uni.createFrom().optional(Optional.empty());
        }
        Cookie cookie = context.request().getCookie(COOKIE);
        if (cookie != null) {
            // Who is not signed in any more is nobody, not an intruder: the page to sign in must open.
            return identity(context, providers, new Credential(cookie.getValue(), true))
                    .onFailure(AuthenticationFailedException.class)
                    .recoverWithUni(() -> unasked(context));
        }
        return unasked(context);
    }

    /** Who shows nothing is taken for what they are where they can be told. */
    private Uni<SecurityIdentity> unasked(RoutingContext context) {
        return asksAll
                ? Uni.createFrom().optional(Optional.empty())
                : local.isTrusted(context.request())
                        .map(trusted -> trusted ? CredentialProvider.identity(Caller.UNASKED, Role.ADMIN) : null);
    }

    private static boolean isKey(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && authorization.startsWith(ApiKey.PREFIX, BEARER.length());
    }

    private static Uni<SecurityIdentity> identity(
            RoutingContext context, IdentityProviderManager providers, Credential credential) {
        return providers
                .authenticate(credential)
                .onFailure(AuthenticationFailedException.class)
                .invoke(failure -> context.put(REASON, Objects.requireNonNull(failure.getMessage())));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom()
                .item(new ChallengeData(
                        HttpResponseStatus.UNAUTHORIZED.code(), HttpHeaderNames.WWW_AUTHENTICATE, "Bearer"));
    }

    /** Sends a person to the page to sign in, and tells a program what is missing. */
    @Override
    public Uni<Boolean> sendChallenge(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (provider.isOffered() && request.path().equals(ProviderLogin.PATH)) {
            // The next mechanism sends the browser to the provider.
            return Uni.createFrom().item(false);
        }
        String reason = context.get(REASON);
        if (reason == null) {
            refusals.count(Refusal.NOTHING_GIVEN);
        }
        if (isPage(request)) {
            sendTo(context, "/login?to=" + URLEncoder.encode(request.uri(), StandardCharsets.UTF_8));
            return Uni.createFrom().item(true);
        }
        if (request.getHeader("HX-Request") != null) {
            // The page has the browser open this, instead of putting an answer where a part of it was.
            context.response().putHeader("HX-Redirect", "/login");
        }
        context.response().putHeader(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
        refuse(context, unauthorized(detail(request, reason)));
        return Uni.createFrom().item(true);
    }

    private static void sendTo(RoutingContext context, String address) {
        context.response()
                .setStatusCode(HttpResponseStatus.SEE_OTHER.code())
                .putHeader(HttpHeaders.LOCATION, address)
                .end();
    }

    private static boolean isPage(HttpServerRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return request.method().equals(HttpMethod.GET)
                && accept != null
                && accept.contains("text/html")
                && request.getHeader("HX-Request") == null
                && !request.path().startsWith("/api/");
    }

    private static String detail(HttpServerRequest request, @Nullable String reason) {
        if (reason != null) {
            return reason;
        }
        return request.getHeader(HttpHeaders.AUTHORIZATION) == null
                ? "a key is needed: send it as 'Authorization: Bearer pnas_…'; the command line takes it from PNAS_API_KEY or --key-file,"
                        + " or from the platform's home where it may read that"
                : "what Authorization has is neither a key of the platform nor a token that it accepts";
    }

    /** Answers who is known and may not do what they asked, and whose token another mechanism refused. */
    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(context -> {
            if (context.response().ended()) {
                context.next();
            } else if (context.request().path().equals(ProviderLogin.PATH)
                    && !(context.failure() instanceof AuthenticationRedirectException)) {
                signInFailed(context);
            } else if (context.failure() instanceof ForbiddenException) {
                refusals.count(Refusal.ROLE);
                refuse(context, forbidden(context.request()));
            } else if (context.failure() instanceof AuthenticationFailedException) {
                refusals.count(Refusal.TOKEN);
                refuse(context, unauthorized("the token is forged, has expired, or is for somebody else"));
            } else {
                context.next();
            }
        });
    }

    /** A browser came from the provider with what this platform did not ask for, or there is no provider to send it to. */
    private void signInFailed(RoutingContext context) {
        boolean answered = context.failure() instanceof AuthenticationException;
        LOG.warnf("somebody could not sign in at the provider: %s", context.failure());
        refusals.count(Refusal.TOKEN);
        sendTo(context, "/login?error=" + (answered ? "failed" : ProviderLogin.UNAVAILABLE));
    }

    private static ProblemDocument unauthorized(String detail) {
        return ProblemDocument.of("key-needed", HttpResponseStatus.UNAUTHORIZED.code(), detail);
    }

    private static ProblemDocument forbidden(HttpServerRequest request) {
        Role least = request.method().equals(HttpMethod.GET) ? Role.VIEWER : Role.OPERATOR;
        Role needed = request.path().startsWith("/api/v1/keys") ? Role.ADMIN : least;
        return ProblemDocument.of(
                "role-needed",
                HttpResponseStatus.FORBIDDEN.code(),
                "the role %s is needed for %s %s".formatted(needed.text(), request.method(), request.path()));
    }

    private void refuse(RoutingContext context, ProblemDocument problem) {
        problem.send(context.response(), json);
    }
}
