package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import pnas.cell.CellId;
import pnas.failure.PnasException;
import pnas.orchestrator.drawing.CellDrawings;
import pnas.orchestrator.drawing.Theme;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.report.Outline;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.trial.Lineage;
import pnas.orchestrator.trial.Models;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialQuery;
import pnas.orchestrator.trial.Trials;

/** The table of all trials of an experiment, and the page of each. */
@Path("/experiments/{id}/trials")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class TrialPages {
    private final Experiments experiments;
    private final Reports reports;
    private final Trials trials;
    private final CellDrawings drawings;
    private final Models models;

    TrialPages(Experiments experiments, Reports reports, Trials trials, CellDrawings drawings, Models models) {
        this.experiments = experiments;
        this.reports = reports;
        this.trials = trials;
        this.drawings = drawings;
        this.models = models;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        /** The part of the experiment's page. */
        static native TemplateInstance trials(TrialListing table);

        /** The page of all trials. */
        static native TemplateInstance allTrials(TrialListing table);

        static native TemplateInstance trial(
                Outline experiment, TrialDetail trial, Lineage lineage, Choice choice, String drawing, boolean model);
    }

    /** The whole table for a browser that opens it, a few of its rows for htmx. */
    @GET
    @Operation(hidden = true)
    public TemplateInstance list(
            @PathParam("id") ExperimentId id, @HeaderParam("HX-Request") boolean fragment, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        TrialQuery query = parameters.trialQuery(fragment ? TrialListing.FEW : TrialListing.ALL);
        parameters.check();
        TrialListing table =
                new TrialListing(experiments.head(id.text()), query, trials.page(id.text(), query), !fragment);
        return fragment ? Templates.trials(table) : Templates.allTrials(table);
    }

    @GET
    @Path("{cellId}")
    @Operation(hidden = true)
    public TemplateInstance show(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) {
        Outline experiment = reports.outline(id.text());
        TrialDetail trial = trials.one(id.text(), cellId.hex());
        return Templates.trial(
                experiment,
                trial,
                trials.lineage(id.text(), cellId.hex()),
                Choice.of(trial.summary(), experiment.specification(), reports.stages(id.text())),
                drawings.svg(trial.summary().cell(), Theme.PAGE),
                models.of(trial.summary()).isPresent());
    }

    @POST
    @Path("{cellId}/retry")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response retry(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) {
        ExperimentHead experiment = experiments.retry(id.text(), cellId.hex());
        return Response.seeOther(URI.create(experiment.url() + "/trials/" + cellId.hex()))
                .build();
    }

    @GET
    @Path("{cellId}/epochs")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public EpochCurve epochs(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) {
        return EpochCurve.of(trials.one(id.text(), cellId.hex()).epochs());
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        return FailurePage.of(failure);
    }
}
