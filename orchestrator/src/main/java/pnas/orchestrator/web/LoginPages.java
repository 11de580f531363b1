package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.access.Admission;
import pnas.orchestrator.access.Keys;
import pnas.orchestrator.access.Refusals;
import pnas.orchestrator.api.KeyMechanism;

/**
 * Where a person shows a key, for which the browser gets a cookie that opens what the key opens. No other site can use it: browsers send it with
 * requests of these pages only ({@code SameSite=Strict}), scripts do not see it, and every change is refused that does not come from the same origin.
 */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class LoginPages {
    private final Keys keys;
    private final Refusals refusals;

    LoginPages(Keys keys, Refusals refusals) {
        this.keys = keys;
        this.refusals = refusals;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance login(String to, @Nullable String refusal);
    }

    @GET
    @Path("login")
    @Operation(hidden = true)
    public TemplateInstance show(@QueryParam("to") @Nullable String to) {
        return Templates.login(own(to), null);
    }

    @POST
    @Path("login")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response signIn(
            @FormParam("key") @Nullable String key,
            @FormParam("to") @Nullable String to,
            @Context HttpServerRequest request) {
        String given = Objects.requireNonNullElse(key, "").strip();
        return switch (keys.check(given)) {
            case Admission.Admitted _ ->
                Response.seeOther(URI.create(own(to)))
                        .cookie(cookie(request, keys.open(given), (int)
                                keys.sessionLength().toSeconds()))
                        .build();
            case Admission.Refused(var reason) -> {
                refusals.count(reason);
                yield Response.status(Response.Status.UNAUTHORIZED)
                        .entity(Templates.login(own(to), reason.sentence()))
                        .build();
            }
        };
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

    /** An address of these pages, wherever somebody asked to be sent afterwards. */
    private static String own(@Nullable String to) {
        try {
            URI address = URI.create(Objects.requireNonNullElse(to, "/"));
            boolean elsewhere = address.getScheme() != null
                    || address.getRawAuthority() != null
                    || !Objects.requireNonNullElse(address.getRawPath(), "").matches("/([^/].*)?");
            return elsewhere ? "/" : address.toString();
        } catch (IllegalArgumentException noAddress) {
            return "/";
        }
    }
}
