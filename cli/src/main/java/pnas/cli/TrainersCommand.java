package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;

@Command(name = "trainers", aliases = "workers", description = "List the trainers and what they train.")
final class TrainersCommand extends PnasCommand {
    /** What is shown of a trainer. */
    record Trainer(
            String id,
            String engine,
            String engineVersion,
            String deviceKind,
            String state,
            List<String> trials,
            @Nullable String obstacle) {}

    @Override
    public Integer call() {
        JsonNode answer = orchestrator().workers();
        print(answer, () -> table(answer));
        return ExitStatus.DONE;
    }

    private String table(JsonNode answer) {
        Table table = new Table("TRAINER", "STATE", "ENGINE", "DEVICE", "TRAINS");
        for (Trainer trainer : Json.readList(answer.path("workers"), Trainer.class)) {
            table.row(
                    trainer.id(),
                    trainer.state(),
                    trainer.engine() + " " + trainer.engineVersion(),
                    trainer.deviceKind(),
                    trainer.obstacle() != null
                            ? "cannot: " + trainer.obstacle()
                            : trainer.trials().isEmpty() ? Text.NONE : String.join(" ", trainer.trials()));
        }
        return text(table);
    }
}
