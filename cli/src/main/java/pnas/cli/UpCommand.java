package pnas.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cli.LocalPlatform.Trainers;

@Command(name = "up", description = "Start the platform of this machine and leave it running.")
final class UpCommand extends PnasCommand {
    @Option(
            names = "--trainers",
            paramLabel = "N",
            defaultValue = "2",
            description = "trainers (default: ${DEFAULT-VALUE})")
    private int trainers = 2;

    @Option(
            names = "--replay-trainers",
            paramLabel = "N",
            defaultValue = "0",
            description = "trainers that replay results instead of training (default: ${DEFAULT-VALUE})")
    private int replayTrainers;

    @Override
    public Integer call() {
        PrintWriter narration = narration();
        if (orchestrator().answers()) {
            narration.println("The platform is up already: " + pnas().url());
        } else {
            pnas().localPlatform().startDetached(new Trainers(trainers, replayTrainers), narration);
            narration.println("The platform is up: " + pnas().url() + " (stop it with 'pnas down')");
        }
        narration.flush();
        return ExitStatus.DONE;
    }
}
