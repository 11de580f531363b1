package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Experiment;
import pnas.cli.platform.Failures;
import pnas.cli.platform.GivenFile;
import pnas.cli.platform.Json;
import pnas.cli.platform.Orchestrator;

@Command(
        name = "model",
        description =
                "Download the weights of a trained cell as a safetensors file, those of the best where none is named.",
        footerHeading = "%nExamples:%n",
        footer = {"  pnas model k3m9q2xa -f best.safetensors"})
final class ModelCommand extends PnasCommand {
    @Parameters(paramLabel = "ID", description = "the experiment")
    private String id = "";

    @Option(
            names = "--cell",
            paramLabel = "CELL",
            description =
                    "id of the cell, or of its trial (default: the confirmed best, else the best of the last stage that has any)")
    private @Nullable String cell;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "where to write (default: cell-CELL.safetensors)")
    private @Nullable Path file;

    @Override
    public Integer call() {
        Orchestrator orchestrator = orchestrator();
        String wanted = cell == null ? best(orchestrator) : cellId(cell);
        Path place = file == null ? Path.of("cell-" + wanted + ".safetensors") : file;
        GivenFile target = new GivenFile("--file", place);
        target.requireWritable();
        try (InputStream model = orchestrator.model(id, wanted)) {
            target.write(model);
            out().println(place);
            return ExitStatus.DONE;
        } catch (IOException e) {
            throw CommandFailedException.failed(
                    "the model could not be downloaded to " + place + ": " + Failures.reason(e));
        }
    }

    /** A trial is named by its experiment and its cell. */
    private String cellId(String named) {
        return named.startsWith(id + "-") ? named.substring(id.length() + 1) : named;
    }

    private String best(Orchestrator orchestrator) {
        JsonNode answer = orchestrator.best(id, 1);
        List<Experiment.Confirmed> confirmed = Json.readList(answer.path("confirmed"), Experiment.Confirmed.class);
        if (!confirmed.isEmpty()) {
            return confirmed.getFirst().first().cellId();
        }
        List<Experiment.Trial> best = Json.readList(answer.path("cells"), Experiment.Trial.class);
        if (best.isEmpty()) {
            throw CommandFailedException.failed("experiment " + id + " has no trained cell");
        }
        return best.getFirst().cellId();
    }
}
