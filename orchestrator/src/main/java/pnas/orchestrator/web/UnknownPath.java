package pnas.orchestrator.web;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import pnas.orchestrator.api.ProblemDocument;

/** Answers a request for a path that nothing has: a program with a problem document, a person with a page. */
final class UnknownPath {
    @ServerExceptionMapper
    Response notFound(NotFoundException refusal, UriInfo uri) {
        String path = uri.getRequestUri().getPath();
        ProblemDocument document = ProblemDocument.of("not-found", 404, "there is nothing at " + path);
        if (path.startsWith("/api/")) {
            return document.response();
        }
        return FailurePage.of(document);
    }
}
