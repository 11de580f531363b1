package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;
import pnas.cli.platform.Orchestrator;
import pnas.cli.screen.ProgressText;
import pnas.cli.screen.ResultText;

@Command(name = "show", description = "Show one experiment: its stages, and the best cell so far.")
final class ShowCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Override
    public Integer call() {
        Orchestrator orchestrator = orchestrator();
        JsonNode answer = orchestrator.experiment(id);
        Experiment experiment = Json.read(answer, Experiment.class);
        print(
                answer,
                () -> String.join("\n", ProgressText.block(experiment)) + "\n\n"
                        + ResultText.of(experiment, orchestrator.page(experiment.url())));
        return ExitStatus.DONE;
    }
}
