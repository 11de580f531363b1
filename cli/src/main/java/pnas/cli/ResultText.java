package pnas.cli;

import java.net.URI;
import pnas.cell.Cell;
import pnas.cli.Experiment.Trial;

/** What a search found, for people. */
final class ResultText {
    private ResultText() {}

    /** The best cell with its numbers and its drawing, and the experiment's page. */
    static String of(Experiment experiment, URI page) {
        StringBuilder text = new StringBuilder();
        Trial best = experiment.best();
        if (best == null) {
            text.append("No cell was measured.\n");
        } else {
            text.append("Best cell: ").append(numbers(best)).append('\n');
            text.append("  ").append(best.cell()).append("\n\n");
            CellDrawing.of(Cell.parse(best.cell()))
                    .forEach(line -> text.append("  ").append(line).append('\n'));
            text.append('\n');
            Trial overall = experiment.bestOverall();
            if (overall != null && !overall.cellId().equals(best.cellId())) {
                text.append("Best of all stages, from stage ")
                        .append(overall.stage())
                        .append(": ")
                        .append(numbers(overall));
                text.append("\n  ").append(overall.cell()).append('\n');
            }
        }
        return text.append("Page: ").append(page).append('\n').toString();
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
