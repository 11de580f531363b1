package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;

/** Has a search go on that has ended. The flags that say with what are {@link SearchFlag}s, which {@link Pnas} adds. */
@Command(
        name = "extend",
        description = "Go on with a search that is completed or stopped: more blocks, more cells or more budget.",
        footerHeading = "%nExamples:%n",
        footer = {"  pnas extend k3m9q2xa --blocks 4", "  pnas extend k3m9q2xa --budget-trainer-seconds 14400"})
final class ExtendCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Override
    public Integer call() {
        ObjectNode extension = Json.object();
        SearchFlag.writeTo(extension, spec().commandLine().getParseResult());
        JsonNode answer = orchestrator().extend(id, extension);
        Experiment experiment = Json.read(answer, Experiment.class);
        print(answer, () -> RetryCommand.goesOn(experiment));
        return ExitStatus.DONE;
    }
}
