package pnas.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.LocalPlatform.Trainers;

@Command(
        name = "demo",
        description =
                "Start the platform, search a cell for the built-in digits, and leave the platform up until Ctrl-C.")
final class DemoCommand extends PnasCommand {
    @Option(names = "--exit", description = "stop the platform when the search has ended")
    private boolean exit;

    @Override
    public Integer call() {
        Orchestrator orchestrator = orchestrator();
        if (orchestrator.answers()) {
            return search(orchestrator, () -> {});
        }
        PrintWriter narration = narration();
        try (PlatformProcess platform = pnas().localPlatform().startAttached(Trainers.of("auto"), narration)) {
            narration.println(SignInCommand.hint(orchestrator));
            narration.flush();
            int status = search(orchestrator, platform::requireRunning);
            if (status == ExitStatus.DONE && !exit) {
                narration.println("The platform stays up until Ctrl-C.");
                narration.flush();
                platform.hold();
            }
            return status;
        }
    }

    private int search(Orchestrator orchestrator, Runnable onSilence) {
        ObjectNode experiment = Json.object().put("preset", "demo");
        String id = orchestrator.create(experiment, false).path("id").asText();
        return follow(orchestrator, id, onSilence);
    }
}
