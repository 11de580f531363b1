package pnas.orchestrator.web;

import io.quarkus.qute.TemplateExtension;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.trial.TrialDetail;
import pnas.orchestrator.trial.TrialDetail.Epoch;
import pnas.orchestrator.trial.TrialSummary;

/** How pages tell what a trial is and how it stands. */
@TemplateExtension
final class TrialFormats {
    private TrialFormats() {}

    /** Where its page is. */
    static String path(TrialSummary trial) {
        return "/experiments/" + experimentId(trial) + "/trials/" + trial.cellId();
    }

    /** What tells it from the other trials of its experiment. */
    static String mark(TrialSummary trial) {
        return trial.id().substring(trial.id().indexOf('-') + 1);
    }

    /** The experiment that has it. */
    static String experimentId(TrialSummary trial) {
        return Trial.ownerOf(trial.id());
    }

    /** What the trial counts as, in small letters. */
    static String words(TrialKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Why the trial is in its state. */
    static String why(TrialSummary trial) {
        String cause = trial.cause();
        return cause == null ? trial.state().meaning() : cause;
    }

    /** How an attempt ended, in words. */
    static String outcomeText(TrialDetail.Attempt attempt) {
        String outcome = attempt.outcome();
        if (outcome == null) {
            return "running";
        }
        return outcome.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** The state that an outcome is coloured as. */
    static String outcomeState(TrialDetail.Attempt attempt) {
        String outcome = attempt.outcome();
        if (outcome == null) {
            return "RUNNING";
        }
        return switch (outcome) {
            case "trained" -> "TRAINED";
            case "replayed" -> "REPLAYED";
            case "diverged", "duplicate", "released", "cancelled" -> "DIVERGED";
            default -> "FAILED";
        };
    }

    /** The epochs in a sentence, absent before the first. */
    static @Nullable String epochSummary(TrialDetail trial) {
        if (trial.epochs().isEmpty()) {
            return null;
        }
        Epoch last = trial.epochs().getLast();
        Epoch best = trial.epochs().stream()
                .reduce((one, other) -> other.validationAccuracy() > one.validationAccuracy() ? other : one)
                .orElse(last);
        return String.format(
                Locale.ROOT,
                "Attempt %d stands at %s after epoch %d; the best of any epoch is %s.",
                last.attempt(),
                Formats.percent(last.validationAccuracy()),
                last.epoch(),
                Formats.percent(best.validationAccuracy()));
    }
}
