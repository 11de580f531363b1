package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "best", description = "List the best measured cells of the last stage that has any.")
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

    private static String table(JsonNode answer) {
        Table table = new Table("ACCURACY", "PREDICTED", "PARAMETERS", "MULTIPLY-ADDS", "CELL");
        for (Experiment.Trial trial : Json.readList(answer.path("cells"), Experiment.Trial.class)) {
            table.row(
                    Text.accuracy(trial.accuracy()),
                    Text.accuracy(trial.predicted()),
                    Text.count(trial.parameters()),
                    Text.count(trial.multiplyAdds()),
                    trial.cell() + (trial.replayed() ? "  (replayed)" : ""));
        }
        return table.toString();
    }
}
