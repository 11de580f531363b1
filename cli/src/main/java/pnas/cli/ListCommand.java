package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List all experiments, newest first.")
final class ListCommand extends PnasCommand {
    @Override
    public Integer call() {
        JsonNode answer = orchestrator().experiments();
        print(answer, () -> table(answer));
        return ExitStatus.DONE;
    }

    private static String table(JsonNode answer) {
        Table table = new Table("ID", "NAME", "STATE", "TRAINED", "PLANNED", "BEST", "CREATED");
        for (Experiment.Summary experiment : Json.readList(answer.path("experiments"), Experiment.Summary.class)) {
            table.row(
                    experiment.id(),
                    experiment.name(),
                    experiment.state(),
                    experiment.progress().trained(),
                    experiment.progress().planned(),
                    Text.accuracy(
                            experiment.best() == null ? null : experiment.best().accuracy()),
                    Text.minute(experiment.createdAt(), ZoneId.systemDefault()));
        }
        return table.toString();
    }
}
