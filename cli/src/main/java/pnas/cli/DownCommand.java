package pnas.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
        name = "down",
        description = "Stop the platform of this machine. Its experiments go on when it is started again.")
final class DownCommand extends PnasCommand {
    @Override
    public Integer call() {
        PrintWriter narration = narration();
        narration.println(pnas().localPlatform().stop(narration));
        narration.flush();
        return ExitStatus.DONE;
    }
}
