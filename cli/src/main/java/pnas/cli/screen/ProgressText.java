package pnas.cli.screen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Experiment.Budget;
import pnas.cli.platform.Experiment.Confirmed;
import pnas.cli.platform.Experiment.Estimate;
import pnas.cli.platform.Experiment.Progress;
import pnas.cli.platform.Experiment.Ranking;
import pnas.cli.platform.Experiment.Spent;
import pnas.cli.platform.Experiment.Stage;
import pnas.cli.platform.Experiment.Trial;
import pnas.statistics.Durations;

/** An experiment's progress in words: a block of lines that is redrawn, or one line of a log. */
public final class ProgressText {
    private static final int BAR_WIDTH = 30;

    private ProgressText() {}

    /** The block: a heading, a bar for each stage, the sums, and what it waits for where that is known. */
    public static List<String> block(Experiment experiment) {
        List<String> lines = new ArrayList<>();
        lines.add("%s (%s): %s%s"
                .formatted(experiment.name(), experiment.id(), words(experiment.state()), replayMark(experiment)));
        List<Stage> stages = experiment.stages();
        stages.forEach(stage -> lines.add(bar(stage)));
        int next = stages.isEmpty()
                ? experiment.specification().firstStage()
                : stages.getLast().stage() + 1;
        for (int stage = next; stage <= experiment.specification().blocks(); stage++) {
            lines.add(String.format(
                    Locale.ROOT,
                    "stage %d  %s%s",
                    stage,
                    bar(0, 1),
                    experiment.state().isTerminal() ? "  not reached" : ""));
        }
        lines.add(sums(experiment));
        String why = experiment.why();
        if (why != null) {
            lines.add(why);
        }
        return List.copyOf(lines);
    }

    /** The line: the same facts about the stage that runs. */
    public static String line(Experiment experiment) {
        Stage stage = experiment.currentStage();
        String where = stage == null
                ? words(experiment.state())
                : String.format(
                        Locale.ROOT,
                        "stage %d of %d %s",
                        stage.stage(),
                        experiment.specification().blocks(),
                        action(stage));
        String why = experiment.why() == null ? "" : " (" + experiment.why() + ")";
        return (experiment.state().isTerminal() ? words(experiment.state()) : where) + ": " + sums(experiment) + why;
    }

    private static String sums(Experiment experiment) {
        Progress progress = experiment.progress();
        List<String> parts = new ArrayList<>();
        parts.add(progress.counts().measuredOf(progress.planned()));
        if (progress.running() > 0) {
            parts.add(progress.running() + " running");
        }
        if (!progress.counts().others().isEmpty()) {
            parts.add(progress.counts().others());
        }
        Confirmed winner = experiment.winner();
        if (winner != null) {
            parts.add("confirmed best: " + Text.accuracy(winner));
        }
        Trial best = experiment.best();
        if (best != null) {
            parts.add(String.format(Locale.ROOT, "best of stage %d: %s", best.stage(), Text.accuracy(best.accuracy())));
        }
        Trial overall = experiment.bestOverall();
        if (overall != null && experiment.isBestElsewhere()) {
            parts.add(String.format(
                    Locale.ROOT,
                    "best of all stages: %s in stage %d",
                    Text.accuracy(overall.accuracy()),
                    overall.stage()));
        }
        if (progress.left() != null && !experiment.state().isTerminal()) {
            parts.add(left(progress.left(), progress.rankings()));
        }
        parts.addAll(budget(experiment));
        return String.join(", ", parts);
    }

    private static String left(Estimate left, int rankings) {
        String range = Durations.expected(left.low()).equals(Durations.expected(left.high()))
                ? ""
                : Durations.expected(left.low()) + " to " + Durations.expected(left.high());
        String guess = left.guess() ? "a guess from multiply-adds" : "";
        String both = Stream.of(range, guess).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
        return "%s left%s%s"
                .formatted(
                        about(left),
                        rankings == 0 ? "" : rankings == 1 ? " and 1 ranking" : " and " + rankings + " rankings",
                        both.isEmpty() ? "" : " (" + both + ")");
    }

    private static String about(Estimate left) {
        return (left.seconds() < 1 ? "" : "about ") + Durations.expected(left.seconds());
    }

    /** How much of each budget is used. */
    private static List<String> budget(Experiment experiment) {
        Budget budget = experiment.specification().budget();
        Spent spent = experiment.spent();
        List<String> parts = new ArrayList<>();
        if (budget == null || spent == null) {
            return parts;
        }
        if (budget.trainings() != null) {
            parts.add(String.format(
                    Locale.ROOT, "budget of %d trainings: %d used", budget.trainings(), spent.trainings()));
        }
        if (budget.trainerSeconds() != null) {
            parts.add("budget of %s of trainers: %s used"
                    .formatted(Durations.text(budget.trainerSeconds()), Durations.text(spent.trainerSeconds())));
        }
        if (budget.wallClockSeconds() != null) {
            parts.add("budget of %s of running: %s used"
                    .formatted(Durations.text(budget.wallClockSeconds()), Durations.text(spent.wallClockSeconds())));
        }
        return parts;
    }

    private static String bar(Stage stage) {
        Ranking ranking = stage.ranking();
        String bar = ranking == null || stage.candidates() == null
                ? bar(stage.counts().measured(), stage.trials())
                : bar(ranking.scored(), stage.candidates());
        String label = String.format(Locale.ROOT, "stage %d  %s  ", stage.stage(), bar);
        String best = stage.best() == null ? "" : "  best " + Text.accuracy(stage.best());
        String left = stage.left() == null ? "" : "  " + about(stage.left()) + " left";
        String idle = stage.idle() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  idle at its end %.1f %% (%s)",
                        100 * stage.idle().share(),
                        Durations.text(stage.idle().seconds()));
        return switch (stage.state()) {
            case EXPANDING -> label + "making the candidates";
            case RANKING -> label + "ranking %s candidates".formatted(Text.count(stage.candidates())) + scored(ranking);
            case TRAINING, CONFIRMING, DONE -> label + counts(stage) + best + left + idle;
            case CLOSED -> label + (stage.counts().trials() == 0 ? "closed" : counts(stage) + best + "  closed");
        };
    }

    /** How far a ranking is, where a predictor has told of it. */
    private static String scored(@Nullable Ranking ranking) {
        if (ranking == null) {
            return "";
        }
        if (ranking.waits()) {
            return ", others first";
        }
        return ", %s scored%s"
                .formatted(
                        Text.count(ranking.scored()),
                        ranking.secondsLeft() == null
                                ? ""
                                : ", about " + Durations.expected(ranking.secondsLeft()) + " left");
    }

    private static String counts(Stage stage) {
        String others = stage.counts().others();
        return stage.counts().measuredOf(stage.trials()) + (others.isEmpty() ? "" : ", " + others);
    }

    private static String bar(long done, long all) {
        int filled = all == 0 ? 0 : (int) (BAR_WIDTH * done / all);
        return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    }

    private static String action(Stage stage) {
        return switch (stage.state()) {
            case EXPANDING -> "makes its candidates";
            case RANKING -> "ranks %s candidates".formatted(Text.count(stage.candidates())) + scored(stage.ranking());
            case TRAINING -> "trains";
            case CONFIRMING -> "confirms its best cells";
            case DONE -> "is done";
            case CLOSED -> "is closed";
        };
    }

    private static String words(Experiment.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String replayMark(Experiment experiment) {
        return experiment.replayed() ? ", replayed: no network is trained" : "";
    }
}
