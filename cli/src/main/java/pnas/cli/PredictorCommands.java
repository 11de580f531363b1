package pnas.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "predictor",
        description = "Judge and time the predictors that rank candidates.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {EvaluateCommand.class, BenchmarkCommand.class})
final class PredictorCommands implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls the command.
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "predictor needs a command: evaluate or benchmark");
    }
}
