package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;
import pnas.statistics.Tally;

@Command(name = "list", description = "List all experiments, newest first.")
final class ListCommand extends PnasCommand {
    @Override
    public Integer call() {
        JsonNode answer = orchestrator().experiments();
        print(answer, () -> table(answer));
        return ExitStatus.DONE;
    }

    private String table(JsonNode answer) {
        Table table = new Table(
                "ID",
                "NAME",
                "STATE",
                "TRAINED",
                "PLANNED",
                "OTHERS",
                "CONFIRMED",
                "BEST OF STAGE",
                "BEST OF ALL",
                "CREATED");
        for (Experiment.Summary experiment : Json.readList(answer.path("experiments"), Experiment.Summary.class)) {
            table.row(
                    experiment.id(),
                    experiment.name(),
                    experiment.state(),
                    experiment.progress().trained(),
                    experiment.progress().planned(),
                    others(experiment.progress().counts()),
                    confirmed(experiment),
                    best(experiment.best()),
                    best(experiment.bestOverall()),
                    Text.minute(experiment.createdAt(), ZoneId.systemDefault()));
        }
        return text(table);
    }

    private static String others(Tally counts) {
        String others = counts.allButTrained();
        return others.isEmpty() ? Text.NONE : others;
    }

    private static String confirmed(Experiment.Summary experiment) {
        Experiment.Confirmed winner = experiment.confirmed();
        return winner == null
                ? experiment.confirms() && experiment.best() != null ? "unconfirmed" : Text.NONE
                : Text.accuracy(winner);
    }

    private static String best(Experiment.@Nullable Trial trial) {
        return trial == null
                ? Text.NONE
                : String.format(Locale.ROOT, "%s (%d)", Text.accuracy(trial.accuracy()), trial.stage());
    }
}
