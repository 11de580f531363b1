package pnas.orchestrator.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import pnas.cell.CellId;
import pnas.orchestrator.drawing.CellDrawings;
import pnas.orchestrator.drawing.Theme;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.trial.ConfirmedCell;
import pnas.orchestrator.trial.Models;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialPage;
import pnas.orchestrator.trial.TrialQuery;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/** The trials of an experiment. */
@Path("/api/v1/experiments")
@Tag(name = "Trials")
@SecurityRequirement(name = "key")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class TrialResource {
    private static final int PAGE_SIZE = 50;
    private static final int TOP = 5;

    private final Experiments experiments;
    private final Reports reports;
    private final Trials trials;
    private final CellDrawings drawings;
    private final Models models;

    TrialResource(Experiments experiments, Reports reports, Trials trials, CellDrawings drawings, Models models) {
        this.experiments = experiments;
        this.reports = reports;
        this.trials = trials;
        this.drawings = drawings;
        this.models = models;
    }

    /**
     * The best cells.
     *
     * @param cells of the last stage that has results
     * @param overall of all stages
     * @param confirmed those that were trained again under other seeds, the greatest mean first: the first one is the result. Empty before the stage that
     *     confirms is done, and where none does
     */
    record Best(List<TrialSummary> cells, List<TrialSummary> overall, List<ConfirmedCell> confirmed) {}

    @GET
    @Path("{id}/trials")
    @Operation(operationId = "listTrials", summary = "List the trials of an experiment")
    @Parameter(
            name = "stage",
            in = ParameterIn.QUERY,
            description = "only of this stage",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            description = "only in this state",
            schema = @Schema(implementation = TrialState.class))
    @Parameter(
            name = "sort",
            in = ParameterIn.QUERY,
            description =
                    "rank, accuracy, predicted, multiplyAdds, parameters or finishedAt, with - before it for descending order; otherwise"
                            + " rank",
            schema = @Schema(type = SchemaType.STRING))
    @Parameter(
            name = "pageSize",
            in = ParameterIn.QUERY,
            description = "1 to 1000, otherwise 50",
            schema = @Schema(type = SchemaType.INTEGER))
    @Parameter(
            name = "pageToken",
            in = ParameterIn.QUERY,
            description = "the nextPageToken of the page before",
            schema = @Schema(type = SchemaType.STRING))
    public TrialPage list(@PathParam("id") ExperimentId id, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        TrialQuery query = parameters.trialQuery(PAGE_SIZE);
        parameters.check();
        ExperimentHead _ = experiments.head(id.text());
        return trials.page(id.text(), query);
    }

    @GET
    @Path("{id}/trials.csv")
    @Produces(TrialCsv.MEDIA_TYPE)
    @Operation(
            operationId = "exportTrials",
            summary = "Export all trials as CSV",
            description = "RFC 4180 with a header, by stage and rank. Columns are only ever added, at the end.")
    @APIResponse(
            responseCode = "200",
            description = "A line for each trial",
            content = @Content(mediaType = "text/csv", schema = @Schema(type = SchemaType.STRING)))
    public Response export(@PathParam("id") ExperimentId id) {
        ExperimentHead _ = experiments.head(id.text());
        StreamingOutput lines = stream -> write(id.text(), stream);
        return Response.ok(lines)
                .header("Content-Disposition", "attachment; filename=\"trials-" + id.text() + ".csv\"")
                .build();
    }

    /** Page by page, so that neither memory nor a transaction waits for a slow reader. */
    private void write(String id, OutputStream stream) throws IOException {
        Writer out = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        TrialCsv.writeHeader(out);
        int written = 0;
        List<Trials.Exported> rows;
        do {
            rows = trials.rows(id, written, QueryParameters.MAX_PAGE_SIZE);
            for (Trials.Exported row : rows) {
                TrialCsv.write(out, row);
            }
            written += rows.size();
        } while (rows.size() == QueryParameters.MAX_PAGE_SIZE);
        out.flush();
    }

    @GET
    @Path("{id}/trials/{cellId}")
    @Operation(operationId = "showTrial", summary = "Show a trial with its attempts and epochs")
    public TrialDetail show(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) {
        return trials.one(id.text(), cellId.hex());
    }

    @POST
    @Path("{id}/trials/{cellId}:retry")
    @Operation(
            operationId = "retryTrial",
            summary = "Try a trial again that failed",
            description = ExperimentResource.RETRIED)
    public ExperimentView retry(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) {
        return reports.experiment(experiments.retry(id.text(), cellId.hex()).id());
    }

    @GET
    @Path("{id}/trials/{cellId}/drawing.svg")
    @Produces("image/svg+xml")
    @Operation(operationId = "drawTrial", summary = "Draw the cell of a trial")
    @Parameter(
            name = "theme",
            in = ParameterIn.QUERY,
            description = "light or dark, otherwise light",
            schema = @Schema(enumeration = {"light", "dark"}))
    public String draw(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        Theme theme = parameters.theme();
        parameters.check();
        return drawings.svg(trials.one(id.text(), cellId.hex()).summary().cell(), theme);
    }

    @GET
    @Path("{id}/trials/{cellId}/model.safetensors")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @Operation(
            operationId = "downloadModel",
            summary = "Download the model of a trial",
            description =
                    "A safetensors file: weights and running statistics by name, and in its metadata what they were trained by. 404 where"
                            + " none was kept.")
    @APIResponse(
            responseCode = "200",
            description = "The file",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_OCTET_STREAM,
                            schema = @Schema(type = SchemaType.STRING, format = "binary")))
    public Response model(@PathParam("id") ExperimentId id, @PathParam("cellId") CellId cellId) throws IOException {
        TrialSummary trial = trials.one(id.text(), cellId.hex()).summary();
        java.nio.file.Path model = models.existing(trial);
        StreamingOutput body = stream -> {
            try (InputStream file = Models.open(model)) {
                file.transferTo(stream);
            }
        };
        return Response.ok(body)
                .header("Content-Length", Files.size(model))
                .header("Content-Disposition", "attachment; filename=\"" + trial.id() + ".safetensors\"")
                .build();
    }

    @GET
    @Path("{id}/best")
    @Operation(operationId = "listBest", summary = "List the best measured cells")
    @Parameter(
            name = "top",
            in = ParameterIn.QUERY,
            description = "how many, 1 to 1000, otherwise 5",
            schema = @Schema(type = SchemaType.INTEGER))
    public Best best(@PathParam("id") ExperimentId id, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        int top = parameters.number("top", 1, QueryParameters.MAX_PAGE_SIZE, TOP);
        parameters.check();
        ExperimentHead _ = experiments.head(id.text());
        Trials.Best best = trials.best(List.of(id.text()), top).getOrDefault(id.text(), Trials.Best.NONE);
        return new Best(
                best.latest(),
                best.overall(),
                best.confirmed().stream().limit(top).toList());
    }
}
