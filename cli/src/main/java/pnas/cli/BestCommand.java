package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

@Command(
        name = "best",
        description =
                "List the best measured cells: those that are confirmed under other seeds, of the last stage that has any, and of all stages.")
final class BestCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Option(names = "--top", paramLabel = "N", defaultValue = "5", description = "how many (default: ${DEFAULT-VALUE})")
    private int top = 5;

    @Override
    public Integer call() {
        JsonNode answer = orchestrator().best(id, top);
        print(answer, () -> table(answer));
        return ExitStatus.DONE;
    }

    private String table(JsonNode answer) {
        List<Experiment.Trial> ofStage = Json.readList(answer.path("cells"), Experiment.Trial.class);
        List<Experiment.Trial> ofAll = Json.readList(answer.path("overall"), Experiment.Trial.class);
        if (ofStage.isEmpty() && ofAll.isEmpty()) {
            return "No cell is measured.\n";
        }
        List<Experiment.Confirmed> confirmed = Json.readList(answer.path("confirmed"), Experiment.Confirmed.class);
        String text = confirmed.isEmpty() ? "" : "Confirmed best:\n" + confirmed(confirmed) + "\n";
        text += ofStage.isEmpty()
                ? ""
                : String.format(
                        Locale.ROOT, "Best of stage %d:%n%s", ofStage.getFirst().stage(), table(ofStage));
        return ids(ofAll).equals(ids(ofStage))
                ? text
                : "%s%sBest of all stages:%n%s".formatted(text, text.isEmpty() ? "" : "\n", table(ofAll));
    }

    private String confirmed(List<Experiment.Confirmed> confirmed) {
        Table table = new Table("MEAN", "SEEDS", "FIRST MEASURED", "STAGE", "ID", "CELL");
        for (Experiment.Confirmed each : confirmed) {
            table.row(
                    Text.accuracy(each),
                    each.seeds(),
                    Text.accuracy(each.first().accuracy()),
                    each.first().stage(),
                    each.first().cellId(),
                    each.first().cell() + (each.first().replayed() ? "  (replayed)" : ""));
        }
        return text(table);
    }

    private static List<String> ids(List<Experiment.Trial> trials) {
        return trials.stream().map(Experiment.Trial::cellId).toList();
    }

    private String table(List<Experiment.Trial> trials) {
        Table table = new Table("ACCURACY", "PREDICTED", "PARAMETERS", "MULTIPLY-ADDS", "STAGE", "ID", "CELL");
        for (Experiment.Trial trial : trials) {
            table.row(
                    Text.accuracy(trial.accuracy()),
                    Text.accuracy(trial.predicted()),
                    Text.count(trial.parameters()),
                    Text.count(trial.multiplyAdds()),
                    trial.stage(),
                    trial.cellId(),
                    trial.cell() + (trial.replayed() ? "  (replayed)" : ""));
        }
        return text(table);
    }
}
