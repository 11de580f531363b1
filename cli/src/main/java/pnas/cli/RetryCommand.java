package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;

@Command(
        name = "retry",
        description = {
            "Try again what failed of an experiment.",
            "Stages after it choose anew; the search ends as if nothing had failed."
        })
final class RetryCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Option(
            names = "--cell",
            paramLabel = "CELL",
            description = "only the trial of this cell (default: all that failed)")
    private @Nullable String cell;

    @Override
    public Integer call() {
        JsonNode answer = orchestrator().retry(id, cell);
        Experiment experiment = Json.read(answer, Experiment.class);
        print(answer, () -> goesOn(experiment));
        return ExitStatus.DONE;
    }

    /** What is said of an experiment that goes on after its end. */
    static String goesOn(Experiment experiment) {
        return "%s goes on: %s%nFollow it with: pnas watch %1$s%n"
                .formatted(
                        experiment.id(),
                        experiment
                                .progress()
                                .counts()
                                .measuredOf(experiment.progress().planned()));
    }
}
