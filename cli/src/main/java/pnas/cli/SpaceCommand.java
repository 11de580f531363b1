package pnas.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cell.Operation;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Text;
import pnas.space.SearchSpace;

@Command(name = "space", description = "Count the cells of a number of blocks.")
final class SpaceCommand extends PnasCommand {
    @Option(names = "--blocks", paramLabel = "B", required = true, description = "blocks of the cells, 1 to 5")
    private int blocks;

    @Option(
            names = "--operations",
            paramLabel = "A,B,C",
            split = "\\s*,\\s*",
            description = "operations of the cells (default: all)")
    private List<Operation> operations = List.of(Operation.values());

    @Override
    public Integer call() {
        ObjectNode counts = counts();
        print(
                counts,
                () -> String.format(
                        Locale.ROOT,
                        "%s ordered cells of %d %s, %s distinct ones%n",
                        Text.count(counts.path("ordered").asLong()),
                        blocks,
                        blocks == 1 ? "block" : "blocks",
                        Text.count(counts.path("distinct").asLong())));
        return ExitStatus.DONE;
    }

    private ObjectNode counts() {
        try {
            SearchSpace space = new SearchSpace(operations);
            return Json.object()
                    .put("ordered", space.orderedCells(blocks))
                    .put("distinct", space.distinctCells(blocks));
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage(e);
        }
    }
}
