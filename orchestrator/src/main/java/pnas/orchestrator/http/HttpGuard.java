package pnas.orchestrator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import pnas.access.KnownHosts;

/**
 * What every request passes before anything else sees it. On loopback a browser of the platform's own account is not asked for a key, and any other brings its
 * cookie along by itself. So other sites that a browser visits must not reach the server, neither by a host name of theirs that leads here nor by a form that
 * they send here. Health and metrics are for everybody on the network, but not for those sites either.
 */
@ApplicationScoped
class HttpGuard {
    /** The most bytes that a request's body may have. */
    static final long MAX_BODY_BYTES = 1 << 20;

    private static final int BEFORE_ALL_OTHERS = 1000;
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final ObjectMapper json;
    private final boolean checksHosts;
    private final KnownHosts hosts;

    HttpGuard(
            HttpConfiguration configuration,
            @ConfigProperty(name = "quarkus.http.host") String listens,
            ObjectMapper json)
            throws UnknownHostException {
        this.json = json;
        hosts = KnownHosts.with(configuration.allowedHosts().orElseGet(List::of));
        checksHosts = InetAddress.getByName(listens).isLoopbackAddress()
                || !hosts.names().isEmpty();
    }

    void register(@Observes Filters filters) {
        filters.register(this::pass, BEFORE_ALL_OTHERS);
    }

    /** Where health and metrics are. People and probes of a cluster name a service by its address. */
    void register(@Observes ManagementInterface management) {
        management.router().route().order(Integer.MIN_VALUE).handler(context -> {
            HostAndPort authority = context.request().authority();
            if (authority != null && hosts.hasOrIsAddress(authority.host())) {
                context.next();
            } else {
                refuse(context, unknownHost(authority));
            }
        });
    }

    private void pass(RoutingContext context) {
        context.response()
                .putHeader(
                        "Content-Security-Policy",
                        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        ProblemDocument refusal = refusal(context.request());
        if (refusal == null) {
            context.next();
        } else {
            refuse(context, refusal);
        }
    }

    private @Nullable ProblemDocument refusal(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (checksHosts && (authority == null || !hosts.has(authority.host()))) {
            return unknownHost(authority);
        }
        if (!READING.contains(request.method())) {
            String origin = request.getHeader(HttpHeaders.ORIGIN);
            if (origin != null && !isSameOrigin(origin, authority)) {
                return ProblemDocument.of("cross-origin", 403, "the request comes from another site");
            }
            if (origin == null && !isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
                return ProblemDocument.of(
                        "cross-origin",
                        403,
                        "a request that changes something must have the content type application/json");
            }
        }
        if (length(request) > MAX_BODY_BYTES) {
            return ProblemDocument.of(
                    "body-too-large",
                    413,
                    "the body has " + length(request) + " bytes, at most " + MAX_BODY_BYTES + " are read");
        }
        return null;
    }

    private static ProblemDocument unknownHost(@Nullable HostAndPort authority) {
        return ProblemDocument.of(
                "unknown-host",
                421,
                "the request is addressed to '" + (authority == null ? "" : authority.host())
                        + "', which this server does not answer for; pnas.http.allowed-hosts names further hosts");
    }

    private static boolean isSameOrigin(String origin, @Nullable HostAndPort authority) {
        try {
            return authority != null
                    && authority.toString().equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException notAUri) {
            return false;
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).matches("application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private void refuse(RoutingContext context, ProblemDocument refusal) {
        refusal.send(context.response().putHeader(HttpHeaders.CONNECTION, "close"), json);
    }
}
