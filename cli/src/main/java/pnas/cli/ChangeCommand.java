package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Json;

/** A command that changes an experiment's state by the verb of the same name. */
abstract sealed class ChangeCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Override
    public final Integer call() {
        JsonNode answer = orchestrator().change(id, spec().name());
        Experiment experiment = Json.read(answer, Experiment.class);
        print(
                answer,
                () -> "%s is %s now\n"
                        .formatted(experiment.id(), experiment.state().name().toLowerCase(Locale.ROOT)));
        return ExitStatus.DONE;
    }

    @Command(name = "pause", description = "Start nothing new of an experiment; what is being trained ends.")
    static final class Pause extends ChangeCommand {}

    @Command(name = "resume", description = "Go on with a paused experiment, or with one that failed.")
    static final class Resume extends ChangeCommand {}

    @Command(name = "cancel", description = "End an experiment for good; what is being trained is stopped.")
    static final class Cancel extends ChangeCommand {}
}
