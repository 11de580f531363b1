package pnas.cli;

import picocli.CommandLine.Command;

@Command(
        name = "down",
        description = "Stop the platform of this machine. Its experiments go on when it is started again.")
final class DownCommand extends PnasCommand {
    @Override
    public Integer call() {
        String message = pnas().localPlatform().stop(narration());
        print(Json.object().put("state", "stopped").put("message", message), () -> message + "\n");
        return ExitStatus.DONE;
    }
}
