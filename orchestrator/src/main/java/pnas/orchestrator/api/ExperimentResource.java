package pnas.orchestrator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.experiment.Creation;
import pnas.orchestrator.experiment.CreationKey;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.EventStream;
import pnas.orchestrator.http.ProblemDocument;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.live.KeptEvent;
import pnas.orchestrator.report.ExperimentPage;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Plan;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.report.StageDetail;
import pnas.orchestrator.specification.Extension;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.specification.SpecificationDraft;

/** Experiments: create, show, steer, follow. */
@Path("/api/v1/experiments")
@Tag(name = "Experiments")
@SecurityRequirement(name = "key")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class ExperimentResource {
    static final String RETRIED =
            "Each trial has as many attempts as at first. Stages after the first of them choose anew, on what is measured then: what is"
                    + " trained of them is stopped, what they trained stays, and what they do not choose again is set aside. The search ends"
                    + " as if nothing had failed.";

    private static final String COUNTS =
            "Each trial is in one number: trained (an accuracy that a training of this experiment measured), replayed (looked up, nothing"
                    + " was trained), reused (the result of another experiment), diverged, failed, cancelled, setAside (left out by a"
                    + " larger beam, whatever became of it before), running, queued (those included that were sent to the trainers)."
                    + " planned is what all stages have as far as it can be known, set-aside trials left out; a stage's trials likewise,"
                    + " and terminal are those of them that are over. spent.trainings counts attempts. best is the best of the last"
                    + " stage with a result, bestOverall the best of all stages.";

    private static final int PAGE_SIZE = 50;
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String LAST_EVENT_ID = "Last-Event-ID";

    private final Experiments experiments;
    private final Reports reports;
    private final EventStream eventStream;
    private final Caller caller;
    private final ObjectMapper json;

    ExperimentResource(
            Experiments experiments, Reports reports, EventStream eventStream, Caller caller, ObjectMapper json) {
        this.experiments = experiments;
        this.reports = reports;
        this.eventStream = eventStream;
        this.caller = caller;
        this.json = json;
    }

    /** The stages of an experiment. */
    record Stages(List<StageDetail> stages) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createExperiment",
            summary = "Start an experiment",
            description =
                    "Everything may be left out: the preset decides first, then the defaults. With dryRun=true nothing is started and the"
                            + " answer says, with status 200, what would be.")
    @Parameter(
            name = "dryRun",
            in = ParameterIn.QUERY,
            description = "only tell what the experiment would do",
            schema = @Schema(type = SchemaType.BOOLEAN))
    @RequestBody(content = @Content(schema = @Schema(implementation = SpecificationDraft.class)))
    @APIResponse(
            responseCode = "201",
            description = "Started",
            content = @Content(schema = @Schema(implementation = ExperimentView.class)))
    @APIResponse(
            responseCode = "200",
            description = "What it would do (dryRun), or what the same request had started before (Idempotency-Key)",
            content = @Content(schema = @Schema(anyOf = {Plan.class, ExperimentView.class})))
    @APIResponse(
            responseCode = "400",
            description = "The fields that are wrong",
            content =
                    @Content(
                            mediaType = ProblemDocument.MEDIA_TYPE,
                            schema = @Schema(implementation = ProblemDocument.class)))
    @APIResponse(
            responseCode = "422",
            description = "Another body was sent under this Idempotency-Key before",
            content =
                    @Content(
                            mediaType = ProblemDocument.MEDIA_TYPE,
                            schema = @Schema(implementation = ProblemDocument.class)))
    @Parameter(
            name = IDEMPOTENCY_KEY,
            in = ParameterIn.HEADER,
            description =
                    "1 to 200 printable ASCII characters that mark repetitions of one request: within a day the same body under the same key"
                            + " is answered with the experiment that it started, with status 200",
            schema = @Schema(type = SchemaType.STRING))
    public Response create(byte[] body, @Context HttpServerRequest request, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        boolean dryRun = parameters.flag("dryRun");
        String key = QueryParameters.header(request, IDEMPOTENCY_KEY);
        if (key != null && !CreationKey.isValid(key)) {
            parameters.wrong(IDEMPOTENCY_KEY, "must be 1 to 200 printable ASCII characters", key);
        }
        parameters.check();
        SpecificationDraft draft = read(body);
        if (dryRun) {
            return Response.ok(reports.plan(experiments.read(draft))).build();
        }
        Creation creation = key == null
                ? new Creation.Started(experiments.create(draft, caller.name()))
                : experiments.create(draft, caller.name(), CreationKey.of(key, body));
        return switch (creation) {
            case Creation.Started(ExperimentHead started) -> located(Response.Status.CREATED, started.id());
            case Creation.Repeated(ExperimentHead former) -> located(Response.Status.OK, former.id());
            case Creation.KeyTaken(String experimentId) -> refused(experimentId);
        };
    }

    private Response located(Response.Status status, String id) {
        return Response.status(status)
                .location(URI.create("/api/v1/experiments/" + id))
                .entity(reports.experiment(id))
                .build();
    }

    private static Response refused(String experimentId) {
        String message = "was used for another body, which started experiment " + experimentId
                + "; a new experiment needs a new key";
        return ProblemDocument.of(
                        "idempotency-key-reused",
                        422,
                        IDEMPOTENCY_KEY + " " + message,
                        List.of(new Problem(IDEMPOTENCY_KEY, message)))
                .response();
    }

    /** What was written, if it can be read and has a value of the right type in every field; what else is wrong is told along with that. */
    private SpecificationDraft read(byte[] body) {
        DraftJson.Reading<SpecificationDraft> reading = DraftJson.read(SpecificationDraft.class, body);
        if (reading.problems().isEmpty()) {
            return reading.draft();
        }
        List<Problem> problems = new ArrayList<>(reading.problems());
        try {
            Specification _ = experiments.read(reading.draft());
        } catch (PnasException further) {
            problems.addAll(further.problems());
        }
        throw PnasException.invalidInput(problems);
    }

    @GET
    @Operation(operationId = "listExperiments", summary = "List experiments, newest first", description = COUNTS)
    @Parameter(
            name = "state",
            in = ParameterIn.QUERY,
            description = "only those in this state",
            schema = @Schema(implementation = ExperimentState.class))
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
    public ExperimentPage list(@Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        ExperimentState state = parameters.oneOf("state", ExperimentState.values(), ExperimentState::name);
        int pageSize = parameters.pageSize(PAGE_SIZE);
        parameters.check();
        return reports.list(state, pageSize, parameters.text("pageToken"));
    }

    @GET
    @Path("{id}")
    @Operation(operationId = "showExperiment", summary = "Show an experiment", description = COUNTS)
    public ExperimentView show(@PathParam("id") ExperimentId id) {
        return reports.experiment(id.text());
    }

    @POST
    @Path("{id}:pause")
    @Operation(
            operationId = "pauseExperiment",
            summary = "Pause an experiment",
            description = "What is trained now ends and counts; nothing more is started.")
    public ExperimentView pause(@PathParam("id") ExperimentId id) {
        return reports.experiment(experiments.pause(id.text()).id());
    }

    @POST
    @Path("{id}:resume")
    @Operation(
            operationId = "resumeExperiment",
            summary = "Go on with a paused experiment, or with one that failed",
            description =
                    "One that no predictor had ranked asks again. Where no trial of a stage has an accuracy, retry those that failed.")
    public ExperimentView resume(@PathParam("id") ExperimentId id) {
        return reports.experiment(experiments.resume(id.text()).id());
    }

    @POST
    @Path("{id}:cancel")
    @Operation(
            operationId = "cancelExperiment",
            summary = "End an experiment for good",
            description = "Open trials are cancelled and trainers stop within a heartbeat.")
    public ExperimentView cancel(@PathParam("id") ExperimentId id) {
        return reports.experiment(experiments.cancel(id.text()).id());
    }

    @POST
    @Path("{id}:extend")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "extendExperiment",
            summary = "Go on with an experiment that is completed, stopped or failed",
            description =
                    "With more blocks, a larger beam, more samples or more budget: what is given must be more than it was.")
    @RequestBody(content = @Content(schema = @Schema(implementation = Extension.class)))
    public ExperimentView extend(@PathParam("id") ExperimentId id, byte[] body) {
        DraftJson.Reading<Extension> reading = DraftJson.read(Extension.class, body);
        if (!reading.problems().isEmpty()) {
            throw PnasException.invalidInput(reading.problems());
        }
        return reports.experiment(experiments.extend(id.text(), reading.draft()).id());
    }

    @POST
    @Path("{id}:retry")
    @Operation(
            operationId = "retryExperiment",
            summary = "Try again what failed of an experiment",
            description = RETRIED)
    public ExperimentView retry(@PathParam("id") ExperimentId id) {
        return reports.experiment(experiments.retry(id.text(), null).id());
    }

    @GET
    @Path("{id}/stages")
    @Operation(
            operationId = "listStages",
            summary = "Show the stages: predicted and measured accuracy of every cell, quality of the predictions",
            description = COUNTS
                    + " quality.withinStage is over cells of the stage before that were held out of the fit. quality.nextStage is over"
                    + " the cells that the stage chose: a cut range, so that it is lower than over all candidates and can be negative"
                    + " for a predictor that chooses well.")
    public Stages stages(@PathParam("id") ExperimentId id) {
        return new Stages(reports.stages(id.text()));
    }

    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            operationId = "followExperiment",
            summary = "Follow the events of an experiment",
            description =
                    "Starts after the event that Last-Event-ID (or lastEventId) names, from the beginning without one, and ends after the"
                            + " last event of an experiment that is over. A client that has them all already is answered 204.")
    @APIResponse(
            responseCode = "200",
            description = "The events",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS))
    @APIResponse(responseCode = "204", description = "There will be no more of them")
    @APIResponse(
            responseCode = "429",
            description = "As many streams are open as may be: try again after the seconds in Retry-After",
            content =
                    @Content(
                            mediaType = ProblemDocument.MEDIA_TYPE,
                            schema = @Schema(implementation = ProblemDocument.class)))
    @Parameter(
            name = "lastEventId",
            in = ParameterIn.QUERY,
            description = "the last event that the client knows, where it cannot send the header",
            schema = @Schema(type = SchemaType.INTEGER, format = "int64"))
    @Parameter(
            name = LAST_EVENT_ID,
            in = ParameterIn.HEADER,
            description = "the last event that the client knows",
            schema = @Schema(type = SchemaType.INTEGER, format = "int64"))
    public void events(
            @PathParam("id") ExperimentId id,
            @Context HttpServerRequest request,
            @Context UriInfo uri,
            @Context SseEventSink sink,
            @Context Sse sse) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        String header = QueryParameters.header(request, LAST_EVENT_ID);
        long known = header == null
                ? parameters.eventId("lastEventId", parameters.text("lastEventId"))
                : parameters.eventId(LAST_EVENT_ID, header);
        parameters.check();
        try (EventStream.Client client = eventStream.admit(sink, sse)) {
            eventStream.follow(
                    client,
                    id.text(),
                    known,
                    Duration.ZERO,
                    batch -> batch.stream().map(event -> message(event, sse)).toList());
        }
    }

    private OutboundSseEvent message(KeptEvent event, Sse sse) {
        try {
            ObjectNode data = json.createObjectNode();
            data.put("at", event.at().toString());
            data.put("trial", event.trial());
            data.setAll((ObjectNode) json.readTree(event.event().json()));
            return sse.newEventBuilder()
                    .id(Long.toString(event.id()))
                    .name(event.type())
                    .data(json.writeValueAsString(data))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("event " + event.id() + " has a body that is no JSON object", e);
        }
    }
}
