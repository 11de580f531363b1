package pnas.orchestrator.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.ManagementInterface;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import pnas.failure.PlainText;

/**
 * Answers, in place of the HTTP server, what no resource gets to see: addresses and headers that are too long, bodies in a form that is not read, paths
 * that are none, ranges that a file lacks. The server itself would answer such a request without a word. It still does so with what is no HTTP: a header
 * with a control character, or beyond what it reads at all, or a first line without a version. Only the server itself could give another answer;
 * Quarkus makes it, and shows it to nobody.
 */
@ApplicationScoped
class HttpEdge {
    /** The longest address, with its query. */
    static final int MAX_ADDRESS = 8192;
    /** The most characters of all headers together. */
    static final int MAX_HEADERS = 32_768;

    /** After the guard, before anybody is asked who they are. */
    private static final int BEFORE_THE_OTHERS = 900;

    private static final int LEAST_FAILURE = 400;
    private static final int BEYOND_FAILURES = 600;

    private final ObjectMapper json;

    HttpEdge(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Filters filters) {
        filters.register(this::pass, BEFORE_THE_OTHERS);
    }

    void register(@Observes Router router) {
        // A browser looks there beside what names no icon: a problem document, a file.
        router.get("/favicon.ico").handler(context -> context.redirect("/assets/icon.svg"));
        explainFailures(router);
    }

    void register(@Observes ManagementInterface management) {
        explainFailures(management.router());
    }

    /** Whatever fails on its way through the routes, or before the first. */
    private void explainFailures(Router router) {
        // After those that know who was refused and why.
        router.route().order(Integer.MIN_VALUE + 1).failureHandler(context -> {
            boolean refused = context.statusCode() >= LEAST_FAILURE
                    && context.statusCode() < HttpResponseStatus.INTERNAL_SERVER_ERROR.code();
            if (refused && !context.response().headWritten()) {
                refuse(context, problem(context.statusCode(), context.request()));
            } else {
                context.next();
            }
        });
        IntStream.range(LEAST_FAILURE, BEYOND_FAILURES)
                // The context knows no status where the address could not be read.
                .forEach(status ->
                        router.errorHandler(status, context -> refuse(context, problem(status, context.request()))));
    }

    private static ProblemDocument problem(int code, HttpServerRequest request) {
        HttpResponseStatus status = HttpResponseStatus.valueOf(code);
        String name = status.reasonPhrase().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        String detail = switch (status.code()) {
            case 400 -> "the request is no valid HTTP: its address, or its host, cannot be read";
            case 404 -> "there is nothing at " + PlainText.excerpt(request.uri(), 200);
            default -> status.reasonPhrase();
        };
        return ProblemDocument.of(name, status.code(), detail);
    }

    private void pass(RoutingContext context) {
        ProblemDocument refusal = refusal(context.request());
        if (refusal == null) {
            context.next();
        } else {
            refuse(context, refusal);
        }
    }

    private static @Nullable ProblemDocument refusal(HttpServerRequest request) {
        if (request.uri().length() > MAX_ADDRESS) {
            return ProblemDocument.of(
                    "uri-too-long",
                    414,
                    "the address has " + request.uri().length() + " characters, at most " + MAX_ADDRESS + " are read");
        }
        try {
            new URI(request.uri());
        } catch (URISyntaxException e) {
            return ProblemDocument.of(
                    "bad-request",
                    400,
                    "the address is none, at character " + (e.getIndex() + 1) + ": "
                            + e.getReason().toLowerCase(Locale.ROOT));
        }
        int headers = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            headers += header.getKey().length() + header.getValue().length();
        }
        if (headers > MAX_HEADERS) {
            return ProblemDocument.of(
                    "request-header-fields-too-large",
                    431,
                    "the headers have " + headers + " characters, at most " + MAX_HEADERS + " are read");
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            return ProblemDocument.of(
                    "unsupported-media-type",
                    415,
                    "a body must be sent as it is, got Content-Encoding '" + PlainText.excerpt(encoding) + "'");
        }
        return null;
    }

    private void refuse(RoutingContext context, ProblemDocument refusal) {
        refusal.send(context.response().putHeader(HttpHeaders.CONNECTION, "close"), json);
    }
}
