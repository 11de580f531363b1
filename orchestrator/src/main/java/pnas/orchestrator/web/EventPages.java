package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.KeptEvent;
import pnas.orchestrator.live.PageToken;

/** Everything that happened to an experiment, the newest first. */
@Path("/experiments/{id}/events")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class EventPages {
    private static final int LINES = 100;

    private final Experiments experiments;
    private final Events events;

    EventPages(Experiments experiments, Events events) {
        this.experiments = experiments;
        this.events = events;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance events(
                ExperimentHead experiment, boolean newest, List<Feed.Line> lines, @Nullable String nextPageToken);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance list(@PathParam("id") ExperimentId id, @Context UriInfo uri) {
        String pageToken = new QueryParameters(uri.getQueryParameters()).text("pageToken");
        long before = pageToken == null ? Long.MAX_VALUE : eventId(list(id), pageToken);
        ExperimentHead experiment = experiments.head(id.text());
        List<KeptEvent> found = events.before(id.text(), before, Feed.LEFT_OUT, LINES + 1);
        boolean more = found.size() > LINES;
        List<KeptEvent> shown = more ? found.subList(0, LINES) : found;
        return Templates.events(
                experiment,
                pageToken == null,
                Feed.lines(shown),
                more ? PageToken.of(list(id), Long.toString(shown.getLast().id())) : null);
    }

    private static String list(ExperimentId id) {
        return "events of " + id;
    }

    private static long eventId(String list, String pageToken) {
        try {
            return Long.parseLong(PageToken.place(list, pageToken));
        } catch (NumberFormatException e) {
            throw PageToken.invalid();
        }
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        return FailurePage.of(failure);
    }
}
