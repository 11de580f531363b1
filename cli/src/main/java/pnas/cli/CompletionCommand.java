package pnas.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.ExitStatus;

@Command(
        name = "completion",
        description = {
            "Print a script that lets a shell complete commands and options.",
            "For this session: source <(./pnas completion bash)"
        })
final class CompletionCommand extends PnasCommand {
    /** The shells; one script serves both. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "bash|zsh", description = "the shell")
    @SuppressWarnings("unused") // Asked for, so that scripts may differ one day without a change of the command.
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        out().print(AutoComplete.bash("pnas", spec().root().commandLine()));
        out().flush();
        return ExitStatus.DONE;
    }
}
