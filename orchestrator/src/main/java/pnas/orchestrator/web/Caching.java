package pnas.orchestrator.web;

import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Some addresses give htmx a part of what they give a browser: going back must not find the part where the page was. */
final class Caching {
    @ServerResponseFilter
    void vary(ContainerResponseContext response) {
        if (MediaType.TEXT_HTML_TYPE.isCompatible(response.getMediaType())) {
            response.getHeaders().add(HttpHeaders.VARY, "HX-Request");
        }
    }
}
