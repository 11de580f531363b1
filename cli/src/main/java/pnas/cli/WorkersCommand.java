package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "workers", description = "List the trainers and what they train.")
final class WorkersCommand extends PnasCommand {
    /** What is shown of a trainer. */
    record Worker(
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
        for (Worker worker : Json.readList(answer.path("workers"), Worker.class)) {
            table.row(
                    worker.id(),
                    worker.state(),
                    worker.engine() + " " + worker.engineVersion(),
                    worker.deviceKind(),
                    worker.obstacle() != null
                            ? "cannot: " + worker.obstacle()
                            : worker.trials().isEmpty() ? Text.NONE : String.join(" ", worker.trials()));
        }
        return text(table);
    }
}
