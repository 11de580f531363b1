package pnas.cli;

import java.net.URI;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.LocalPlatform;
import pnas.cli.platform.LocalPlatform.Trainers;
import pnas.engine.Engine;

@Command(
        name = "up",
        description = "Start the platform of this machine and leave it running.",
        footerHeading = "%nExamples:%n",
        footer = {"  pnas up", "  pnas up --trainers auto", "  pnas up --trainers 0 --replay-trainers 1"})
final class UpCommand extends PnasCommand {
    @Option(
            names = "--trainers",
            paramLabel = "N",
            defaultValue = "2",
            description = {
                "trainers of the engine that fits this machine, or 'auto' for one for each GPU or two cores (default: ${DEFAULT-VALUE});",
                "torch where there is an NVIDIA GPU or the processor lacks AVX2, else vector"
            })
    private String trainers = "2";

    @Option(
            names = "--torch-trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers with libtorch, on whatever this machine has (default: ${DEFAULT-VALUE})")
    private int torchTrainers;

    @Option(
            names = "--vector-trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers for processors in plain Java (default: ${DEFAULT-VALUE})")
    private int vectorTrainers;

    @Option(
            names = "--dl4j-trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers with Deeplearning4j (default: ${DEFAULT-VALUE})")
    private int dl4jTrainers;

    @Option(
            names = "--replay-trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers that replay results instead of training (default: ${DEFAULT-VALUE})")
    private int replayTrainers;

    @Override
    public Integer call() {
        if (!trainers.matches("auto|[0-9]{1,4}")) {
            throw CommandFailedException.usage(
                    "--trainers must be a whole number or 'auto', got '%s'".formatted(trainers));
        }
        URI url = pnas().url();
        LocalPlatform platform = pnas().localPlatform();
        boolean running = !platform.isOrphaned() && orchestrator().answers();
        if (running) {
            platform.troubles().forEach(narration()::println);
        } else {
            platform.startDetached(
                    new Trainers(
                            trainers,
                            Map.of(
                                    Engine.TORCH,
                                    torchTrainers,
                                    Engine.VECTOR,
                                    vectorTrainers,
                                    Engine.DL4J,
                                    dl4jTrainers,
                                    Engine.REPLAY,
                                    replayTrainers)),
                    narration());
        }
        print(
                Json.object().put("state", "ready").put("url", url.toString()),
                () -> "The platform is up%s: %s (stop it with 'pnas down')%n%s%n"
                        .formatted(running ? " already" : "", url, SignInCommand.hint(orchestrator())));
        return ExitStatus.DONE;
    }
}
