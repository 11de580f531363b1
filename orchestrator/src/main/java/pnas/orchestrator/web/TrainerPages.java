package pnas.orchestrator.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.http.EventStream;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Watched;
import pnas.orchestrator.trainer.TrainerState;
import pnas.orchestrator.trainer.TrainerView;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Trials;

/** The trainers and what they do. */
@Path("/trainers")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
final class TrainerPages {
    private static final Duration PACE = Duration.ofSeconds(1);
    /** Trainers that left are of interest for a while; each start of one leaves another. */
    private static final int LEFT = 20;

    private final Trainers trainers;
    private final Trials trials;
    private final Experiments experiments;
    private final EventStream eventStream;
    private final Watched fleet;

    TrainerPages(Trainers trainers, Trials trials, Experiments experiments, EventStream eventStream, Events events) {
        this.trainers = trainers;
        this.trials = trials;
        this.experiments = experiments;
        this.eventStream = eventStream;
        this.fleet = events.watched(() -> List.of(trainers.list(), trials.running()), PACE);
    }

    @CheckedTemplate(basePath = "")
    static final class Templates {
        private Templates() {}

        static native TemplateInstance trainers(List<Trainer> trainers, List<TrainerView> left);
    }

    /** A trainer that has not left. */
    record Trainer(TrainerView worker, List<Training> trainings) {}

    /** What it does. */
    record Training(Trials.Running running, String experimentName) {}

    @GET
    @Operation(hidden = true)
    public TemplateInstance list() {
        List<Trials.Running> running = trials.running();
        Map<String, String> names = experiments.names(
                running.stream().map(Trials.Running::experimentId).collect(Collectors.toSet()));
        Map<String, List<Training>> trainings = running.stream()
                .map(each -> new Training(each, names.getOrDefault(each.experimentId(), each.experimentId())))
                .collect(Collectors.groupingBy(each -> each.running().worker()));
        List<TrainerView> known = trainers.list();
        return Templates.trainers(
                known.stream()
                        .filter(worker -> worker.state() != TrainerState.LEFT)
                        .map(worker -> new Trainer(worker, trainings.getOrDefault(worker.id(), List.of())))
                        .toList(),
                known.stream()
                        .filter(worker -> worker.state() == TrainerState.LEFT)
                        .limit(LEFT)
                        .toList());
    }

    /** Says that a trainer was heard, came, went, or does something else. */
    @GET
    @Path("live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(hidden = true)
    public void live(@Context SseEventSink sink, @Context Sse sse) {
        eventStream.watch(sink, sse, fleet, Update.CHANGED.message(sse));
    }
}
