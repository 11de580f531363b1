package pnas.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Failures;
import pnas.cli.platform.GivenFile;

@Command(name = "export", description = "Write all trials of an experiment as CSV.")
final class ExportCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "where to write (default: standard output)")
    private @Nullable Path file;

    @Override
    public Integer call() {
        GivenFile target = file == null ? null : new GivenFile("--file", file);
        if (target != null) {
            target.requireWritable();
        }
        try (InputStream trials = orchestrator().trialsAsCsv(id)) {
            if (target == null) {
                out().print(new String(trials.readAllBytes(), StandardCharsets.UTF_8));
                out().flush();
            } else {
                target.write(trials);
            }
            return ExitStatus.DONE;
        } catch (IOException e) {
            throw CommandFailedException.failed("the trials could not be written: " + Failures.reason(e));
        }
    }
}
