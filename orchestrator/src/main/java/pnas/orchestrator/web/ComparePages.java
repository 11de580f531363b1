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
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import pnas.failure.PnasException;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.trial.Trials;

/** Several experiments on one page. */
@Path("/compare")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class ComparePages {
    private final Experiments experiments;
    private final Reports reports;
    private final Trials trials;
    private final ObjectMapper json;

    ComparePages(Experiments experiments, Reports reports, Trials trials, ObjectMapper json) {
        this.experiments = experiments;
        this.reports = reports;
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
        List<ExperimentView> compared = reports.experiments(compared(uri));
        return Templates.compare(Comparison.of(
                compared.stream()
                        .map(experiment -> new Comparison.Entry(experiment, Curve.of(trials.ended(experiment.id()))))
                        .toList(),
                json));
    }

    @GET
    @Path("curves")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public List<Comparison.Line> curves(@Context UriInfo uri) {
        List<String> ids = compared(uri);
        Map<String, String> names = experiments.names(Set.copyOf(ids));
        return ids.stream()
                .map(id -> {
                    String name = names.get(id);
                    if (name == null) {
                        throw Experiments.unknown(id);
                    }
                    return Comparison.Line.of(name, id, Curve.of(trials.ended(id)));
                })
                .toList();
    }

    /** The experiments may stand in one parameter, separated by commas, or in several, as check boxes send them. */
    private static List<String> compared(UriInfo uri) {
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
        return ids.stream().map(ExperimentId::parse).map(ExperimentId::text).toList();
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        return FailurePage.of(failure);
    }
}
