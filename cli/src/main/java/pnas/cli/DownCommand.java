package pnas.cli;

import picocli.CommandLine.Command;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.LocalPlatform;

@Command(
        name = "down",
        description = "Stop the platform of this machine. Its experiments go on when it is started again.")
final class DownCommand extends PnasCommand {
    @Override
    public Integer call() {
        LocalPlatform platform = pnas().localPlatform();
        String message;
        try {
            message = platform.stop(narration());
        } catch (CommandFailedException e) {
            if (!platform.isKnown() && isAnswering()) {
                throw CommandFailedException.failed(
                        "%s One answers at %s: its state is elsewhere, name that folder with --home."
                                .formatted(e.getMessage(), pnas().url()));
            }
            throw e;
        }
        print(Json.object().put("state", "stopped").put("message", message), () -> message + "\n");
        return ExitStatus.DONE;
    }

    /** Whether anybody does: one that asks for a key is a platform too. */
    private boolean isAnswering() {
        try {
            return orchestrator().answers();
        } catch (CommandFailedException e) {
            return true;
        }
    }
}
