package pnas.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "watch", description = "Show an experiment's progress until it ends.")
final class WatchCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Override
    public Integer call() {
        return follow(orchestrator(), id);
    }
}
