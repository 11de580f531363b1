package pnas.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.LocalPlatform.Trainers;
import pnas.cli.platform.Orchestrator;
import pnas.cli.platform.PlatformProcess;

@Command(
        name = "demo",
        description = {
            "Search a cell for the built-in images of hand-written digits, in about two minutes.",
            "It starts the platform where none answers, and leaves it up until Ctrl-C."
        })
final class DemoCommand extends PnasCommand {
    @Option(names = "--exit", description = "stop the platform when the search has ended")
    private boolean exit;

    @Override
    public Integer call() {
        tell("""
                This searches a building block for networks that read hand-written digits: it trains 136 small networks, one for each cell of one block, then twice the 8 that a predictor likes best, with two and three blocks.
                It takes about two minutes on two cores. All of it happens on this machine.
                """);
        Orchestrator orchestrator = orchestrator();
        if (orchestrator.answers()) {
            String id = create(orchestrator);
            int status = follow(orchestrator, id);
            tell(next(id));
            return status;
        }
        PrintWriter narration = narration();
        try (PlatformProcess platform = pnas().localPlatform().startAttached(Trainers.of("auto"), narration)) {
            tell(SignInCommand.hint(orchestrator));
            String id = create(orchestrator);
            tell("Its page: " + orchestrator.page(URI.create("/experiments/" + id)) + "\n");
            int status = follow(
                    orchestrator,
                    id,
                    platform::requireRunning,
                    "The search is kept. It goes on with: %s, then %s"
                            .formatted(pnas().again("up"), pnas().again("watch " + id)));
            if (status == ExitStatus.DONE && exit) {
                tell("\nThe platform stops. %s starts it again, with this search.\n%s"
                        .formatted(pnas().again("up"), next(id)));
            } else if (status == ExitStatus.DONE) {
                tell("\nThe platform stays up until Ctrl-C.\n" + next(id));
                platform.hold();
            }
            return status;
        }
    }

    private static String create(Orchestrator orchestrator) {
        ObjectNode experiment = Json.object().put("preset", "demo");
        return orchestrator.create(experiment, false).path("id").asText();
    }

    private String next(String id) {
        return """
                What next, in another terminal:
                  %s
                  %s
                  docs/tutorials/own-images.md: a search on your own images""".formatted(
                        pnas().again("model " + id + " -f best.safetensors"),
                        pnas().again("search -f examples/few-operations.yaml --watch"));
    }
}
