package pnas.orchestrator.web;

import io.quarkus.oidc.OidcSession;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.CookieParam;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.access.Admission;
import pnas.orchestrator.access.Keys;
import pnas.orchestrator.access.ProviderLogin;
import pnas.orchestrator.access.Refusal;
import pnas.orchestrator.access.Refusals;
import pnas.orchestrator.access.Role;
import pnas.orchestrator.http.KeyMechanism;

/**
 * Where a person shows a key, opens a link with a code, or comes from an OpenID Connect provider, for which the browser gets a cookie that opens what the key or
 * the person's role opens. No other site can use it: browsers send it with requests of these pages only ({@code SameSite=Strict}), scripts do not see it, and
 * every change is refused that does not come from the same origin.
 */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class LoginPages {
    private final Keys keys;
    private final Refusals refusals;
    private final ProviderLogin provider;
    private final SecurityIdentity identity;
    private final OidcSession atProvider;

    LoginPages(
            Keys keys, Refusals refusals, ProviderLogin provider, SecurityIdentity identity, OidcSession atProvider) {
        this.keys = keys;
        this.refusals = refusals;
        this.provider = provider;
        this.identity = identity;
        this.atProvider = atProvider;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        /**
         * @param code with which the browser signs in as soon as somebody presses a button; else a key is asked for
         * @param refusal a sentence without its point
         * @param wrongKey whether it is about the key
         * @param provider address where people sign in at a provider, if they may
         */
        static native TemplateInstance login(
                String to,
                @Nullable String code,
                @Nullable String refusal,
                boolean wrongKey,
                @Nullable String provider);

        static native TemplateInstance signedIn(String to);
    }

    /** Opening a link uses no code up: browsers, and programs through which links are sent, open some before a person does. */
    @GET
    @Path("login")
    @Operation(hidden = true)
    public TemplateInstance show(
            @QueryParam("to") @Nullable String to,
            @QueryParam("code") @Nullable String code,
            @QueryParam("error") @Nullable String error,
            @Context HttpServerRequest request) {
        // The address of the page may have a code: what the page asks for next must not tell it.
        request.response()
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("Referrer-Policy", "strict-origin");
        return login(to, code, error == null ? null : sentence(error), false);
    }

    private static String sentence(String error) {
        return switch (error) {
            case ProviderLogin.NO_ROLE ->
                "The provider gives you no role of this platform: ask for viewer, operator or admin";
            case ProviderLogin.UNAVAILABLE -> "The provider does not answer";
            default -> "The provider did not sign you in";
        };
    }

    private TemplateInstance login(
            @Nullable String to, @Nullable String code, @Nullable String refusal, boolean wrongKey) {
        String back = own(to);
        return Templates.login(
                back,
                code,
                refusal,
                wrongKey,
                // Not where nobody is asked, who comes back as nobody.
                provider.isOffered() && identity.isAnonymous() ? ProviderLogin.PATH + "?to=" + encoded(back) : null);
    }

    private static String encoded(String address) {
        return URLEncoder.encode(address, StandardCharsets.UTF_8);
    }

    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response signIn(
            @FormParam("key") @Nullable String key,
            @FormParam("code") @Nullable String code,
            @FormParam("to") @Nullable String to,
            @Context HttpServerRequest request) {
        if (code != null) {
            return keys.openWithCode(code.strip())
                    .map(token -> signedIn(to, request, token))
                    .orElseGet(() -> refused(to, "This link does not open", Refusal.CODE, false));
        }
        String given = Objects.requireNonNullElse(key, "").strip();
        return switch (keys.check(given)) {
            case Admission.Admitted _ -> signedIn(to, request, keys.open(given));
            case Admission.Refused(var reason) -> refused(to, "This key does not open", reason, true);
        };
    }

    private Response signedIn(@Nullable String to, HttpServerRequest request, String token) {
        return Response.seeOther(URI.create(own(to)))
                .cookie(cookie(request, token))
                .build();
    }

    private Response refused(@Nullable String to, String what, Refusal reason, boolean wrongKey) {
        refusals.count(reason);
        return Response.status(Response.Status.UNAUTHORIZED)
                .entity(login(to, null, what + ": " + reason.sentence(), wrongKey))
                .build();
    }

    /** Opens to nobody who does not come from the provider, or is signed in. */
    @GET
    @Path(ProviderLogin.PATH)
    @Operation(hidden = true)
    public Response signInAtProvider(@QueryParam("to") @Nullable String to, @Context HttpServerRequest request) {
        if (!provider.isFrom(identity)) {
            return Response.seeOther(URI.create(own(to))).build();
        }
        // From here on it is our session that counts, which can be ended and does not end with a token.
        atProvider.logout().await().indefinitely();
        Optional<Role> role = provider.role(identity);
        if (role.isEmpty()) {
            refusals.count(Refusal.ROLE);
            return Response.seeOther(URI.create("/login?error=" + ProviderLogin.NO_ROLE + "&to=" + encoded(own(to))))
                    .build();
        }
        // No redirect: after one that began at another site browsers keep a strict cookie back.
        return Response.ok(Templates.signedIn(own(to)))
                .cookie(cookie(request, keys.open(identity.getPrincipal().getName(), role.get())))
                .build();
    }

    @POST
    @Path("logout")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response signOut(
            @CookieParam(KeyMechanism.COOKIE) @Nullable String token, @Context HttpServerRequest request) {
        if (token != null) {
            keys.close(token);
        }
        return Response.seeOther(URI.create("/login"))
                .cookie(cookie(request, "", 0))
                .build();
    }

    private NewCookie cookie(HttpServerRequest request, String token) {
        return cookie(request, token, (int) keys.sessionLength().toSeconds());
    }

    private static NewCookie cookie(HttpServerRequest request, String token, int seconds) {
        return new NewCookie.Builder(KeyMechanism.COOKIE)
                .value(token)
                .path("/")
                .maxAge(seconds)
                .httpOnly(true)
                .secure("https".equals(request.scheme()))
                .sameSite(NewCookie.SameSite.STRICT)
                .build();
    }

    /**
     * An address of these pages, wherever somebody asked to be sent afterwards: a path, and a query where it has one. What begins with two slashes browsers take
     * for another host; what Java takes for no address, such as a backslash or a tab, they take for a slash or for nothing.
     */
    private static String own(@Nullable String to) {
        String asked = Objects.requireNonNullElse(to, "");
        if (!asked.startsWith("/") || asked.startsWith("//")) {
            return "/";
        }
        try {
            URI address = URI.create(asked);
            String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
            return URI.create(address.getRawPath() + query).toASCIIString();
        } catch (IllegalArgumentException noAddress) {
            return "/";
        }
    }
}
