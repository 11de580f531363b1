package pnas.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.LocalPlatform.Trainers;
import pnas.cli.platform.PlatformProcess;
import pnas.engine.Engine;

@Command(
        name = "dev",
        description = {
            "Run the platform of this checkout for those who change it, until Ctrl-C.",
            "The orchestrator runs from its sources: save a template, a script or a class, and load the page again."
        },
        footerHeading = "%nExample:%n",
        footer = "  pnas dev --home /tmp/pnas-dev --url http://localhost:8090")
final class DevCommand extends PnasCommand {
    @Option(
            names = "--trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers that train (default: ${DEFAULT-VALUE})")
    private int trainers;

    @Option(
            names = "--replay-trainers",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "trainers that answer from an oracle at once, for searches with --engine replay (default: ${DEFAULT-VALUE})")
    private int replayTrainers = 1;

    @Override
    public Integer call() {
        tell("The orchestrator is compiled and starts from %s: a minute, or two where others work too."
                .formatted(pnas().install().resolve("orchestrator/src").toAbsolutePath()));
        // The one of the machine may be older than Quarkus takes.
        Path maven = pnas().install().resolve("mvnw").toAbsolutePath();
        Trainers wanted = new Trainers(Integer.toString(trainers), Map.of(Engine.REPLAY, replayTrainers));
        try (PlatformProcess platform = pnas().localPlatform().startFromSources(maven, wanted, narration())) {
            tell("""
                    Ready: %s
                    Change orchestrator/src/main/resources/templates/experiments.html, save it, and load that page again.
                    A search that fills the pages: %s
                    What the orchestrator says: %s
                    Ctrl-C stops the platform.""".formatted(
                            pnas().url(),
                            pnas().again("search -f examples/replay.yaml --watch"),
                            pnas().home().resolve("logs/orchestrator.log")));
            platform.hold();
        }
        return ExitStatus.DONE;
    }
}
