package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import pnas.failure.PnasException;
import pnas.orchestrator.http.ProblemDocument;

/** What a person sees instead of the page asked for. */
final class FailurePage {
    private static final Logger LOG = Logger.getLogger(FailurePage.class);
    private static final String HTML = "text/html;charset=UTF-8";

    private FailurePage() {}

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance failure(String title, String detail);
    }

    static Response of(PnasException failure) {
        ProblemDocument document = ProblemDocument.of(failure);
        if (document.status() >= 500) {
            LOG.errorf(failure, "page failed: %s", failure.code());
        }
        return of(document);
    }

    static Response of(ProblemDocument document) {
        return Response.status(document.status())
                .type(HTML)
                .entity(Templates.failure(document.title(), document.detail()))
                .build();
    }
}
