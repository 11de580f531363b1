package pnas.orchestrator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;

/**
 * What is answered instead of the thing asked for: {@code application/problem+json} of RFC 9457.
 *
 * @param type a stable name of the kind of problem, for programs
 * @param title the kind of problem, for people
 * @param status the HTTP status, repeated
 * @param detail what was wrong this time
 * @param errors the fields that are wrong, empty where it is not about fields
 */
public record ProblemDocument(String type, String title, int status, String detail, List<Problem> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public ProblemDocument {
        errors = List.copyOf(errors);
    }

    /** The answer to a request that failed in one of the platform's own ways. */
    public static ProblemDocument of(PnasException failure) {
        String name = failure.code().name().toLowerCase(Locale.ROOT);
        return of(
                name.replace('_', '-'),
                status(failure.code()),
                String.valueOf(failure.getMessage()),
                failure.problems());
    }

    /**
     * The answer to a request that HTTP itself rules out.
     *
     * @param name of the kind of problem, lower-case words with hyphens
     */
    public static ProblemDocument of(String name, int status, String detail) {
        return of(name, status, detail, List.of());
    }

    public static ProblemDocument of(String name, int status, String detail, List<Problem> errors) {
        String words = name.replace('-', ' ');
        return new ProblemDocument(
                "urn:pnas:problem:" + name,
                Character.toUpperCase(words.charAt(0)) + words.substring(1),
                status,
                detail,
                errors);
    }

    /** Sends it, and with it the end of the response, where no resource answers. */
    void send(HttpServerResponse response, ObjectMapper json) {
        try {
            response.setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                    .end(json.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem document is plain JSON", e);
        }
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> 404;
            case STATE_FORBIDS -> 409;
            case INVALID_INPUT,
                    MALFORMED_MESSAGE,
                    DATA_SET_MISMATCH,
                    DATA_SET_UNREADABLE,
                    TRAINING_IMPOSSIBLE,
                    NOT_IN_TABLE,
                    ENGINE_FAILURE,
                    TRAINING_CRASHED,
                    TRAINING_STALLED,
                    LEASE_EXPIRED,
                    OUT_OF_MEMORY,
                    RANKING_FAILED,
                    STORAGE_FAILURE,
                    INTERNAL ->
                switch (code.kind()) {
                    case USER_ERROR -> 400;
                    case INTERNAL_ERROR -> 500;
                    case INSUFFICIENT_RESOURCES, EXTERNAL -> 503;
                };
        };
    }

    /** This as an answer. */
    public Response response() {
        return Response.status(status).type(MEDIA_TYPE).entity(this).build();
    }
}
