package pnas.orchestrator.web;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.live.KeptEvent;

/** Events in words. */
final class Feed {
    /** Epochs and how far rankings are: there are many of them, and curves and bars tell them better. */
    static final Set<Class<? extends Event>> LEFT_OUT = Set.of(Event.TrialEpoch.class, Event.StageScored.class);

    private Feed() {}

    /**
     * One event.
     *
     * @param cellId whose cell the text is about, absent where it is about the experiment or a stage
     */
    record Line(Instant at, @Nullable String cellId, String text) {}

    /** The lines of these events, newest first as they are. */
    static List<Line> lines(List<KeptEvent> events) {
        return events.stream()
                .map(kept -> new Line(kept.at(), cellId(kept.trial()), text(kept.event())))
                .toList();
    }

    private static String text(Event event) {
        return switch (event) {
            case Event.OfExperiment of -> experiment(of);
            case Event.OfStage of -> "Stage " + of.stage() + " " + stage(of);
            case Event.OfTrial of -> trial(of);
            case Event.Unknown(String type, var fields) -> type + " " + fields;
        };
    }

    /** A trial is named by its experiment and its cell; within the page of the experiment the cell is enough. */
    private static @Nullable String cellId(@Nullable String trialId) {
        return trialId == null ? null : Trial.cellOf(trialId);
    }

    private static String experiment(Event.OfExperiment event) {
        return switch (event) {
            case Event.ExperimentCreated _ -> "The experiment is created";
            case Event.ExperimentPaused() -> "The experiment is paused";
            case Event.ExperimentResumed() -> "The experiment is resumed";
            case Event.ExperimentExtended _ -> "The experiment is extended";
            case Event.ExperimentRetried(int stage) -> "What failed since stage " + stage + " is tried again";
            case Event.ExperimentCompleted() -> "The experiment is completed";
            case Event.ExperimentStopped(String cause) -> "The experiment is stopped: " + cause;
            case Event.ExperimentFailed(String cause) -> "The experiment is failed: " + cause;
            case Event.ExperimentCancelled() -> "The experiment is cancelled";
        };
    }

    private static String stage(Event.OfStage event) {
        return switch (event) {
            case Event.StageExpanding _ -> "finds its candidates";
            case Event.StageRanking(int _, long candidates, int _) ->
                "waits for the ranking of " + Formats.grouped(candidates) + " candidates";
            case Event.StageScored(int _, long candidates, long scored, boolean _) ->
                "has scored " + Formats.grouped(scored) + " of " + Formats.grouped(candidates) + " candidates";
            case Event.StageTraining(int _, int trials) -> "trains " + Formats.grouped(trials) + " cells";
            case Event.StageConfirming(int _, int cells, int trials) ->
                "trains its " + (cells == 1 ? "best cell" : cells + " best cells") + " again under other seeds: "
                        + Formats.grouped(trials) + " trainings";
            case Event.StageDone _ -> "is done";
        };
    }

    private static String trial(Event.OfTrial event) {
        return switch (event) {
            case Event.TrialRunning(String worker, int attempt) -> "is trained by " + worker + again(attempt);
            case Event.TrialEpoch(int _, int epoch, double _, double accuracy) ->
                "has an accuracy of " + Formats.percent(accuracy) + " after epoch " + epoch;
            case Event.TrialTrained(double accuracy, int _) -> "has an accuracy of " + Formats.percent(accuracy);
            case Event.TrialDiverged(String cause, int _) -> "diverged: " + cause;
            case Event.TrialReused(String from) -> "has the result of " + from;
            case Event.TrialFailed(String cause) -> "failed" + because(cause);
            case Event.TrialRequeued(int _, String cause) -> "waits for another attempt" + because(cause);
            case Event.TrialCancelled() -> "cancelled";
            case Event.TrialReopened _ -> "waits again, since its search goes on";
            case Event.TrialRetried(int attempt) -> "is tried again" + again(attempt);
            case Event.TrialSetAside() -> "is set aside until its stage has chosen anew";
            case Event.TrialChosen() -> "is chosen again";
        };
    }

    private static String again(int attempt) {
        return attempt > 1 ? ", attempt " + attempt : "";
    }

    private static String because(@Nullable String cause) {
        return cause == null ? "" : ": " + cause;
    }
}
