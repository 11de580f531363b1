package pnas.orchestrator.web;

import io.quarkus.qute.TemplateExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.report.BestCells;
import pnas.orchestrator.report.ExperimentSummary;
import pnas.orchestrator.report.ExperimentView;
import pnas.orchestrator.report.Idleness;
import pnas.orchestrator.report.Outline;
import pnas.orchestrator.report.Progress;
import pnas.orchestrator.report.StageView;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.timing.Estimate;
import pnas.orchestrator.trial.ConfirmedCell;
import pnas.orchestrator.trial.TrialSummary;
import pnas.statistics.Durations;
import pnas.statistics.Tally;

/** How pages tell what an experiment is and how it stands. */
@TemplateExtension
final class ExperimentFormats {
    private ExperimentFormats() {}

    /** Whether something of it failed that can be tried again. */
    static boolean retryable(ExperimentView experiment) {
        return experiment.progress().counts().failed() > 0 && ExperimentLife.allowsRetry(experiment.state());
    }

    /** Whether something of it failed that can be tried again. */
    static boolean retryable(Outline experiment) {
        return experiment.failed() > 0
                && ExperimentLife.allowsRetry(experiment.head().state());
    }

    /** Whether it failed and may go on with what it has: what is offered is not refused. */
    static boolean resumable(ExperimentView experiment) {
        return experiment.state() == ExperimentState.FAILED
                && experiment.stages().stream().noneMatch(ExperimentFormats::needsRetry);
    }

    /** Whether its search goes on by a retry alone. */
    static boolean needsRetry(StageView stage) {
        return stage.trials() > 0 && ExperimentLife.measuredNothing(stage.state(), stage.counts());
    }

    /** Whether there is anything that a person may want of it now. */
    static boolean steerable(ExperimentView experiment) {
        return !experiment.state().isTerminal() || resumable(experiment) || retryable(experiment);
    }

    /**
     * A stage of the bar.
     *
     * @param view how it stands, absent where the search has not come to it
     * @param over whether it never will
     */
    record StageOfBar(int number, @Nullable StageView view, boolean over) {
        /** How long its trainings will go on, absent where nobody can tell. */
        public @Nullable String leftText() {
            Estimate left = Objects.requireNonNull(view).left();
            if (left == null) {
                return null;
            }
            String range = rangeText(left);
            return (left.seconds() < 1 ? "" : "about ") + text(left) + " left" + (range.isEmpty() ? "" : ", " + range);
        }

        /** How far its ranking is, absent where nothing has a score. */
        public @Nullable String scoredText() {
            StageView stage = Objects.requireNonNull(view);
            RankingProgress ranking = stage.ranking();
            if (ranking == null || ranking.scored() == 0 || stage.candidates() == null) {
                return null;
            }
            return Formats.grouped(ranking.scored()) + " of " + Formats.grouped(stage.candidates()) + " scored"
                    + (ranking.secondsLeft() == null ? "" : ", " + Durations.expected(ranking.secondsLeft()) + " left");
        }

        /** The class of its bar: only a stage that is done has the colour of success. */
        public String bar() {
            return switch (Objects.requireNonNull(view).state()) {
                case EXPANDING, RANKING, TRAINING, CONFIRMING -> "";
                case DONE -> "done";
                case CLOSED -> "over";
            };
        }
    }

    /** All stages that the experiment will have. */
    static List<StageOfBar> stageBar(ExperimentView experiment) {
        return IntStream.rangeClosed(
                        experiment.specification().search().firstStage(),
                        experiment.specification().search().blocks())
                .mapToObj(number -> new StageOfBar(
                        number,
                        stage(experiment, number).orElse(null),
                        experiment.state().isTerminal()))
                .toList();
    }

    private static Optional<StageView> stage(ExperimentView experiment, int number) {
        return experiment.stages().stream()
                .filter(stage -> stage.stage() == number)
                .findFirst();
    }

    /** Why the experiment is in its state, or what it waits for, where there is something to say. */
    static @Nullable String why(ExperimentSummary experiment) {
        return experiment.cause() == null ? experiment.waiting() : experiment.cause();
    }

    /** Why the experiment is in its state, or what it waits for. */
    static String why(ExperimentView experiment) {
        String why = why(experiment.summary());
        return why == null ? experiment.state().meaning() : why;
    }

    /** What a screen reader says when the state or the stage changes: no number that changes all the time. */
    static String spoken(ExperimentView experiment) {
        String state = Formats.words(experiment.state());
        if (experiment.state() != ExperimentState.RUNNING || experiment.stages().isEmpty()) {
            return state + ", " + why(experiment);
        }
        StageView stage = StageView.current(experiment.stages());
        return String.format(
                Locale.ROOT,
                "%s, stage %d of %d, %s",
                state,
                stage.stage(),
                experiment.specification().search().blocks(),
                Formats.words(stage.state()));
    }

    /** How long it took, absent before its end. */
    static @Nullable String took(ExperimentView experiment) {
        return took(experiment.createdAt(), experiment.finishedAt());
    }

    /** How long it took, absent before its end. */
    static @Nullable String took(ExperimentSummary experiment) {
        return took(experiment.createdAt(), experiment.finishedAt());
    }

    private static @Nullable String took(Instant start, @Nullable Instant end) {
        return end == null ? null : Durations.text(Duration.between(start, end).toMillis() / 1000.0);
    }

    /** How long trainings will go on. */
    static String text(Estimate estimate) {
        return Durations.expected(estimate.seconds());
    }

    /** The interval of an estimate, and that it is a guess where it is one; empty where it says no more than the estimate. */
    static String rangeText(Estimate estimate) {
        String low = Durations.expected(estimate.low());
        String high = Durations.expected(estimate.high());
        return Stream.of(
                        low.equals(high) ? "" : low + " to " + high,
                        estimate.guess() ? "a guess from multiply-adds" : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** What is to be said beside the time left: its interval, and the rankings that it does not include. */
    static String leftText(Progress progress) {
        Estimate left = progress.left();
        String rankings = switch (progress.rankings()) {
            case 0 -> "";
            case 1 -> "and 1 ranking, however long it takes";
            default -> "and " + progress.rankings() + " rankings, however long they take";
        };
        return Stream.of(left == null ? "" : rangeText(left), rankings)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** For instance {@code 4.2 % of the slots' time, 1 min 12 s}. */
    static String text(Idleness idle) {
        return String.format(
                Locale.ROOT, "%.1f %% of the slots' time, %s", 100 * idle.share(), Durations.text(idle.seconds()));
    }

    /** Its share of the trainers, absent where it is the usual one. */
    static @Nullable String shareText(ExperimentSummary experiment) {
        return experiment.weight() == 1 && experiment.priority() == 0
                ? null
                : String.format(Locale.ROOT, "weight %d, priority %d", experiment.weight(), experiment.priority());
    }

    /** The class of the bar of an experiment: only one that is completed has the colour of success. */
    static String bar(ExperimentSummary experiment) {
        return switch (experiment.state()) {
            case RUNNING, PAUSED -> "";
            case COMPLETED -> "done";
            case STOPPED, FAILED, CANCELLED -> "over";
        };
    }

    /** What its result is: the confirmed best, else the best of the last stage with a result. */
    static String bestName(BestCells cells) {
        if (cells.winner() != null) {
            return "Confirmed best";
        }
        TrialSummary best = cells.latest();
        return String.format(
                Locale.ROOT,
                "Best of stage %d%s",
                best == null ? cells.head().blocks() : best.stage(),
                cells.head().state().isTerminal() ? "" : " so far");
    }

    /** What the best of the last stage with a result is to the search, absent where it is the result of a search that went to its end. */
    static @Nullable String bestText(BestCells cells) {
        int last = cells.head().blocks();
        TrialSummary best = cells.latest();
        if (best == null || cells.winner() != null) {
            return null;
        }
        if (best.stage() == last) {
            return cells.confirms() ? unconfirmed(cells.head().state()) : null;
        }
        return cells.head().state().isTerminal()
                ? String.format(
                        Locale.ROOT,
                        "no cell of stage %d was measured: the result is the best of stage %d",
                        last,
                        best.stage())
                : "the result will be the best of stage " + last;
    }

    /** What is said of a result that stands as it was measured first though its search confirms. */
    private static String unconfirmed(ExperimentState state) {
        return state.isTerminal() ? "unconfirmed: measured under one seed" : "to be confirmed under other seeds";
    }

    /** Whether its result stands as it was measured first though it confirms. */
    static boolean unconfirmed(ExperimentSummary experiment) {
        return experiment.confirms() && experiment.confirmed() == null && experiment.best() != null;
    }

    /** Over what the mean is, and how far the seeds lie from each other. */
    static String spreadText(ConfirmedCell cell) {
        String seeds = cell.seeds() == 1 ? "1 other seed" : cell.seeds() + " other seeds";
        Double deviation = cell.deviation();
        return deviation == null
                ? "under " + seeds
                : String.format(Locale.ROOT, "± %.2f points between %s", 100 * deviation, seeds);
    }

    /** What its trials with a result consist of, and how many are not over. */
    static String openText(ExperimentView experiment) {
        Tally counts = experiment.progress().counts();
        return Stream.of(
                        counts.mixture(),
                        experiment.state().isTerminal()
                                ? ""
                                : Formats.grouped(counts.running()) + " running, " + Formats.grouped(counts.queued())
                                        + " waiting",
                        counts.setAside() == 0 ? "" : Formats.grouped(counts.setAside()) + " set aside")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }

    /** What stands where a cell would be drawn. */
    static String nothingMeasured(BestCells cells) {
        return cells.head().state().isTerminal()
                ? "No cell was measured."
                : "The best cell is drawn here as soon as one is measured.";
    }

    /** Whether an earlier stage has a better cell than the result. */
    static boolean bestIsElsewhere(ExperimentSummary experiment) {
        return isElsewhere(experiment.best(), experiment.bestOverall());
    }

    /** Whether an earlier stage has a better cell than the result. */
    static boolean bestIsElsewhere(BestCells cells) {
        return isElsewhere(cells.latest(), cells.overall());
    }

    private static boolean isElsewhere(@Nullable TrialSummary best, @Nullable TrialSummary overall) {
        return best != null && overall != null && !best.id().equals(overall.id());
    }

    /** What of its budget the experiment has used, absent where nothing is limited. */
    static @Nullable String budgetText(ExperimentView experiment) {
        Budget budget = experiment.specification().budget();
        Spent spent = experiment.spent();
        List<String> parts = new ArrayList<>();
        if (budget.trainings() != null) {
            parts.add(String.format(Locale.ROOT, "%d of %d trainings", spent.trainings(), budget.trainings()));
        }
        if (budget.trainerSeconds() != null) {
            parts.add("%s of %s of trainers"
                    .formatted(Durations.text(spent.trainerSeconds()), Durations.text(budget.trainerSeconds())));
        }
        if (budget.wallClockSeconds() != null) {
            parts.add("%s of %s of running"
                    .formatted(Durations.text(spent.wallClockSeconds()), Durations.text(budget.wallClockSeconds())));
        }
        return parts.isEmpty() ? null : String.join(", ", parts) + " used";
    }
}
