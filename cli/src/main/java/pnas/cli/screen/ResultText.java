package pnas.cli.screen;

import java.net.URI;
import java.util.Locale;
import pnas.cell.Cell;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Experiment.Confirmed;
import pnas.cli.platform.Experiment.Trial;
import pnas.statistics.Tally;

/** What a search found, for people. */
public final class ResultText {
    private ResultText() {}

    /** The best cell with its numbers and its drawing, and the experiment's page. */
    public static String of(Experiment experiment, URI page) {
        StringBuilder text = new StringBuilder();
        Trial best = experiment.best();
        Confirmed winner = experiment.winner();
        if (winner != null) {
            text.append(confirmed(winner)).append("\n  ");
            text.append(winner.first().cell()).append("\n\n");
            CellDrawing.of(Cell.parse(winner.first().cell()))
                    .forEach(line -> text.append("  ").append(line).append('\n'));
            text.append('\n');
        }
        if (best == null) {
            text.append(nothing(experiment)).append('\n');
        } else {
            text.append("Best of stage ")
                    .append(best.stage())
                    .append(": ")
                    .append(numbers(best))
                    .append('\n');
            String meaning = meaning(experiment, best);
            if (!meaning.isEmpty()) {
                text.append(meaning).append('\n');
            }
            text.append("  ").append(best.cell()).append('\n');
            if (winner == null) {
                text.append('\n');
                CellDrawing.of(Cell.parse(best.cell()))
                        .forEach(line -> text.append("  ").append(line).append('\n'));
                text.append('\n');
            }
            Trial overall = experiment.bestOverall();
            if (overall != null && experiment.isBestElsewhere()) {
                text.append("Best of all stages, in stage ")
                        .append(overall.stage())
                        .append(": ")
                        .append(numbers(overall));
                text.append("\n  ").append(overall.cell()).append('\n');
            }
        }
        return text.append("Page: ").append(page).append('\n').toString();
    }

    private static String nothing(Experiment experiment) {
        Tally counts = experiment.progress().counts();
        if (counts.failed() + counts.diverged() > 0) {
            return "Nothing %s: %s."
                    .formatted(
                            experiment.state().isTerminal() ? "could be trained" : "is measured so far", counts.lost());
        }
        return experiment.state().isTerminal() ? "No cell was measured." : "No cell is measured so far.";
    }

    /** What the best of a stage is to a search that has not, or not yet, a best of its last stage. */
    private static String meaning(Experiment experiment, Trial best) {
        int last = experiment.specification().blocks();
        if (best.stage() == last) {
            return experiment.specification().confirm() == null || experiment.winner() != null
                    ? ""
                    : experiment.state().isTerminal()
                            ? "It is unconfirmed: measured under one seed."
                            : "It will be confirmed under other seeds.";
        }
        return experiment.state().isTerminal()
                ? String.format(
                        Locale.ROOT,
                        "No cell of stage %d was measured: the result is the best of stage %d.",
                        last,
                        best.stage())
                : "The result will be the best of stage " + last + ".";
    }

    /** The mean under other seeds, and the first measurement, which was chosen for being high. */
    private static String confirmed(Confirmed winner) {
        return "Confirmed best: %s under %s, first measured %s; %s parameters, %s multiply-adds"
                .formatted(
                        Text.accuracy(winner),
                        winner.seeds() == 1 ? "1 other seed" : winner.seeds() + " other seeds",
                        Text.accuracy(winner.first().accuracy()),
                        Text.count(winner.first().parameters()),
                        Text.count(winner.first().multiplyAdds()));
    }

    private static String numbers(Trial trial) {
        return "validation accuracy %s%s%s, %s parameters, %s multiply-adds"
                .formatted(
                        Text.accuracy(trial.accuracy()),
                        trial.replayed() ? " (replayed)" : "",
                        trial.reusedFrom() == null ? "" : " (reused from " + trial.reusedFrom() + ")",
                        Text.count(trial.parameters()),
                        Text.count(trial.multiplyAdds()));
    }
}
