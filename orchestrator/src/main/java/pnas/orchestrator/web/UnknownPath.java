package pnas.orchestrator.web;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import pnas.failure.PlainText;
import pnas.failure.PnasException;
import pnas.orchestrator.http.ProblemDocument;

/** Answers a request for a path that nothing has: a program with a problem document, a person with a page. */
final class UnknownPath {
    @ServerExceptionMapper
    Response notFound(NotFoundException refusal, UriInfo uri, HttpHeaders headers) {
        String path = uri.getRequestUri().getPath();
        ProblemDocument document = refusal.getCause() instanceof PnasException reason
                ? ProblemDocument.of(reason)
                : ProblemDocument.of("not-found", 404, "there is nothing at " + PlainText.excerpt(path, 200));
        boolean isPerson = !path.startsWith("/api/")
                && String.valueOf(headers.getHeaderString(HttpHeaders.ACCEPT)).contains(MediaType.TEXT_HTML);
        return isPerson ? FailurePage.of(document) : document.response();
    }
}
