package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.FormParam;
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
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.drawing.CellDrawings;
import pnas.orchestrator.drawing.Theme;
import pnas.orchestrator.experiment.ExperimentHead;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.EventStream;
import pnas.orchestrator.http.QueryParameters;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Watched;
import pnas.orchestrator.report.BestCells;
import pnas.orchestrator.report.ExperimentPage;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Reports;
import pnas.orchestrator.report.StageDetail;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/** The pages, and the fragments that keep them up to date. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class ExperimentPages {
    private static final int EXPERIMENTS = 25;
    private static final int LINES = 50;
    /** Two updates a second are as many as people can follow. */
    private static final Duration PACE = Duration.ofMillis(500);
    /** A list is read, not watched. */
    private static final Duration UNHURRIED = Duration.ofSeconds(2);

    private final Experiments experiments;
    private final Reports reports;
    private final Trials trials;
    private final Events events;
    private final EventStream eventStream;
    private final Watched all;
    private final CellDrawings drawings;
    private final Caller caller;

    ExperimentPages(
            Experiments experiments,
            Reports reports,
            Trials trials,
            Events events,
            EventStream eventStream,
            CellDrawings drawings,
            Caller caller) {
        this.experiments = experiments;
        this.reports = reports;
        this.trials = trials;
        this.events = events;
        this.eventStream = eventStream;
        this.all = events.watched(events::version, UNHURRIED);
        this.drawings = drawings;
        this.caller = caller;
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance experiments(ExperimentList list, NewSearch form);

        static native TemplateInstance experiments$list(ExperimentList list);

        static native TemplateInstance experiment(
                ExperimentView experiment,
                BestCells cells,
                @Nullable String drawing,
                @Nullable String refusal,
                Curve curve,
                List<PredictionPanel> predictions,
                TrialListing table,
                List<Feed.Line> lines);

        static native TemplateInstance experiment$head(ExperimentView experiment, @Nullable String refusal);

        static native TemplateInstance experiment$now(ExperimentView experiment, BestCells cells);

        static native TemplateInstance experiment$best(BestCells cells, @Nullable String drawing);

        static native TemplateInstance improvements(ExperimentHead experiment, Curve curve);

        static native TemplateInstance predictions(ExperimentHead experiment, List<PredictionPanel> predictions);

        static native TemplateInstance predicted(String experimentId, List<StageDetail.Ranked> cells);

        static native TemplateInstance feed(ExperimentHead experiment, List<Feed.Line> lines);
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance list(@HeaderParam("HX-Request") boolean fragment, @Context UriInfo uri) {
        ExperimentList list = experimentList(uri);
        return fragment ? Templates.experiments$list(list) : Templates.experiments(list, NewSearch.EMPTY);
    }

    private ExperimentList experimentList(UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        ExperimentState state = parameters.oneOf("state", ExperimentState.values(), ExperimentState::name);
        String pageToken = parameters.text("pageToken");
        parameters.check();
        ExperimentPage page = reports.list(state, EXPERIMENTS, pageToken);
        return new ExperimentList(state, pageToken, page);
    }

    /** Says that the list is out of date, {@code changed}. */
    @GET
    @Path("live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(hidden = true)
    public void live(@Context SseEventSink sink, @Context Sse sse) {
        eventStream.watch(sink, sse, all, Update.CHANGED.message(sse));
    }

    /** Where an address leads from which the id of an experiment was cut off. */
    @GET
    @Path("experiments")
    @Operation(hidden = true)
    public Response listElsewhere() {
        return see("/");
    }

    @POST
    @Path("experiments")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Response start(
            @FormParam("name") @Nullable String name,
            @FormParam("preset") @Nullable String preset,
            @FormParam("engine") @Nullable String engine,
            @FormParam("seed") @Nullable String seed,
            @Context UriInfo uri) {
        NewSearch form = new NewSearch(text(name), text(preset), text(engine), text(seed), List.of());
        try {
            return see(experiments.create(form.draft(), caller.name()).url());
        } catch (PnasException refusal) {
            if (refusal.code() != ErrorCode.INVALID_INPUT) {
                throw refusal;
            }
            return Response.status(Response.Status.BAD_REQUEST)
                    .entity(Templates.experiments(experimentList(uri), form.with(refusal.problems())))
                    .build();
        }
    }

    private static String text(@Nullable String field) {
        return field == null ? "" : field.strip();
    }

    @GET
    @Path("experiments/{id}")
    @Operation(hidden = true)
    public TemplateInstance show(@PathParam("id") ExperimentId id) {
        ExperimentView experiment = reports.experiment(id.text());
        return Templates.experiment(
                experiment,
                experiment.bestCells(),
                drawing(experiment.bestCells()),
                null,
                Curve.of(trials.ended(id.text())),
                predictions(reports.stages(id.text())),
                new TrialListing(
                        experiment.head(),
                        TrialListing.BEST_FIRST,
                        trials.page(id.text(), TrialListing.BEST_FIRST),
                        /* whole= */ false),
                lines(id.text()));
    }

    private @Nullable String drawing(BestCells cells) {
        TrialSummary best = cells.result();
        return best == null ? null : drawings.svg(best.cell(), Theme.PAGE);
    }

    @POST
    @Path("experiments/{id}/pause")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response pause(@PathParam("id") ExperimentId id, @HeaderParam("HX-Request") boolean fragment) {
        return steer(id.text(), fragment, experiments::pause);
    }

    @POST
    @Path("experiments/{id}/resume")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response resume(@PathParam("id") ExperimentId id, @HeaderParam("HX-Request") boolean fragment) {
        return steer(id.text(), fragment, experiments::resume);
    }

    @POST
    @Path("experiments/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response cancel(@PathParam("id") ExperimentId id, @HeaderParam("HX-Request") boolean fragment) {
        return steer(id.text(), fragment, experiments::cancel);
    }

    /** Always a page of its own: one that was over did not follow its events. */
    @POST
    @Path("experiments/{id}/retry")
    @Consumes(MediaType.WILDCARD)
    @Operation(hidden = true)
    public Response retry(@PathParam("id") ExperimentId id) {
        return see(experiments.retry(id.text(), null).url());
    }

    /** A state that has moved on meanwhile is no failure of the page: it shows the new state and says what was refused. */
    private Response steer(String id, boolean fragment, Consumer<String> action) {
        String refusal = null;
        try {
            action.accept(id);
        } catch (PnasException e) {
            if (e.code() != ErrorCode.STATE_FORBIDS) {
                throw e;
            }
            refusal = e.getMessage();
        }
        return fragment
                ? Response.ok(Templates.experiment$head(reports.experiment(id), refusal))
                        .build()
                : see(experiments.head(id).url());
    }

    private static Response see(String url) {
        return Response.seeOther(URI.create(url)).build();
    }

    @GET
    @Path("experiments/{id}/head")
    @Operation(hidden = true)
    public TemplateInstance head(@PathParam("id") ExperimentId id) {
        return Templates.experiment$head(reports.experiment(id.text()), null);
    }

    @GET
    @Path("experiments/{id}/now")
    @Operation(hidden = true)
    public TemplateInstance now(@PathParam("id") ExperimentId id) {
        ExperimentView experiment = reports.experiment(id.text());
        return Templates.experiment$now(experiment, experiment.bestCells());
    }

    @GET
    @Path("experiments/{id}/best")
    @Operation(hidden = true)
    public TemplateInstance best(@PathParam("id") ExperimentId id) {
        BestCells cells = reports.best(id.text());
        return Templates.experiment$best(cells, drawing(cells));
    }

    @GET
    @Path("experiments/{id}/improvements")
    @Operation(hidden = true)
    public TemplateInstance improvements(@PathParam("id") ExperimentId id) {
        return Templates.improvements(experiments.head(id.text()), Curve.of(trials.ended(id.text())));
    }

    @GET
    @Path("experiments/{id}/charts")
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(hidden = true)
    public Charts charts(@PathParam("id") ExperimentId id) {
        return Charts.of(Curve.of(trials.ended(id.text())), reports.stages(id.text()));
    }

    @GET
    @Path("experiments/{id}/predictions")
    @Operation(hidden = true)
    public TemplateInstance predictions(@PathParam("id") ExperimentId id) {
        return Templates.predictions(experiments.head(id.text()), predictions(reports.stages(id.text())));
    }

    private static List<PredictionPanel> predictions(List<StageDetail> stages) {
        return stages.stream()
                .filter(stage -> stage.stage() > 1)
                .map(PredictionPanel::of)
                .toList();
    }

    @GET
    @Path("experiments/{id}/predictions/{stage}")
    @Operation(hidden = true)
    public TemplateInstance predicted(@PathParam("id") ExperimentId id, @PathParam("stage") int stage) {
        return Templates.predicted(
                id.text(),
                reports.stages(id.text()).stream()
                        .filter(detail -> detail.stage() == stage)
                        .flatMap(detail -> detail.cells().stream())
                        .toList());
    }

    @GET
    @Path("experiments/{id}/feed")
    @Operation(hidden = true)
    public TemplateInstance feed(@PathParam("id") ExperimentId id) {
        return Templates.feed(experiments.head(id.text()), lines(id.text()));
    }

    private List<Feed.Line> lines(String id) {
        return Feed.lines(events.before(id, Long.MAX_VALUE, Feed.LEFT_OUT, LINES));
    }

    /** Says which parts of the page are out of date: {@code state}, {@code progress}, {@code results}, and {@code end} after the last. */
    @GET
    @Path("experiments/{id}/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(hidden = true)
    public void live(@PathParam("id") ExperimentId id, @Context SseEventSink sink, @Context Sse sse) {
        try (EventStream.Client client = eventStream.admit(sink, sse)) {
            Set<Update> due = Update.all();
            EventStream.Translation translation = batch -> {
                due.addAll(Update.of(batch));
                List<OutboundSseEvent> messages =
                        due.stream().map(update -> update.message(sse)).toList();
                due.clear();
                return messages;
            };
            eventStream.follow(client, id.text(), EventStream.LATEST, PACE, translation);
        }
    }

    @ServerExceptionMapper
    Response failed(PnasException failure) {
        return FailurePage.of(failure);
    }
}
