package pnas.orchestrator.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import pnas.failure.PnasException;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.trial.Trials;

/** Several experiments on one page. */
@Path("/compare")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class ComparePages {
    private final Experiments experiments;
    private final Trials trials;
    private final ObjectMapper json;

    ComparePages(Experiments experiments, Trials trials, ObjectMapper json) {
        this.experiments = experiments;
        this.trials = trials;
        this.json = json;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance compare(Comparison comparison);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance show(@Context UriInfo uri) {
        return Templates.compare(comparison(uri));
    }

    @GET
    @Path("curves")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public List<Comparison.Line> curves(@Context UriInfo uri) {
        return comparison(uri).lines();
    }

    /** The experiments may stand in one parameter, separated by commas, or in several, as check boxes send them. */
    private Comparison comparison(UriInfo uri) {
        List<String> ids = uri.getQueryParameters().getOrDefault("experiments", List.of()).stream()
                .flatMap(value -> Arrays.stream(value.split(",")))
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .distinct()
                .toList();
        if (ids.size() < Comparison.FEWEST || ids.size() > Comparison.MOST) {
            QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
            parameters.wrong(
                    "experiments",
                    String.format(Locale.ROOT, "must name %d to %d experiments", Comparison.FEWEST, Comparison.MOST),
                    Integer.toString(ids.size()));
            parameters.check();
        }
        return Comparison.of(
                ids.stream()
                        .map(ExperimentId::parse)
                        .map(ExperimentId::text)
                        .map(id -> new Comparison.Entry(experiments.find(id), Curve.of(trials.ended(id))))
                        .toList(),
                json);
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        return FailurePage.of(failure);
    }
}
