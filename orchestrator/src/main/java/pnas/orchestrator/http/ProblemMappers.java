package pnas.orchestrator.http;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Locale;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.orchestrator.trial.Storage;

/** Turns whatever a resource throws into a problem document. Pages have their own way to say what went wrong. */
final class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    private final Storage storage;

    ProblemMappers(Storage storage) {
        this.storage = storage;
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        ProblemDocument document = ProblemDocument.of(failure);
        if (document.status() >= 500) {
            LOG.errorf(failure, "request failed: %s", failure.code());
        }
        return document.response();
    }

    /** What the framework refuses: a path, a method or a content type that no resource has. */
    @ServerExceptionMapper
    Response refused(WebApplicationException refusal, UriInfo uri) {
        if (refusal.getResponse().getEntity() instanceof ProblemDocument) {
            return refusal.getResponse();
        }
        Response.StatusType status = refusal.getResponse().getStatusInfo();
        String name = status.getReasonPhrase().toLowerCase(Locale.ROOT).replace(' ', '-');
        String detail = refusal instanceof NotSupportedException
                ? "the body must be sent as application/json"
                : status.getReasonPhrase() + ": " + uri.getRequestUri().getPath();
        return ProblemDocument.of(name, status.getStatusCode(), detail).response();
    }

    /** The client left, or its body is longer than is read: where it still listens it has its answer already. */
    @ServerExceptionMapper
    Response unread(IOException reason, UriInfo uri) {
        LOG.debugf(reason, "request to %s could not be read", uri.getPath());
        return ProblemDocument.of("unreadable-body", 400, "the body could not be read to its end")
                .response();
    }

    @ServerExceptionMapper
    Response broke(Throwable defect, UriInfo uri) {
        if (isOfTheForm()) {
            return ProblemDocument.of(
                            "unreadable-form",
                            400,
                            "the form could not be read: "
                                    + PlainText.excerpt(String.valueOf(defect.getMessage()), 200))
                    .response();
        }
        LOG.errorf(defect, "request to %s failed", uri.getPath());
        String full = storage.obstacle();
        if (full != null) {
            return ProblemDocument.of(
                            "disk-full",
                            503,
                            full + ", so the orchestrator cannot answer; it goes on once there is room")
                    .response();
        }
        return ProblemDocument.of("internal", 500, "the orchestrator failed to answer; its log says why")
                .response();
    }

    /** Whether a form was being read, which is before a resource sees anything of the request. */
    private static boolean isOfTheForm() {
        ResteasyReactiveRequestContext request = CurrentRequestManager.get();
        MediaType type = request.getHttpHeaders().getMediaType();
        return request.getFormData() == null
                && MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(type)
                && request.getMethod().equals(HttpMethod.POST);
    }
}
