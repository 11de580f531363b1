package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import pnas.cell.Cell;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.EngineProcess;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.screen.Table;
import pnas.cli.screen.Text;
import pnas.engine.Engine;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.network.Node;

@Command(
        name = "network",
        description =
                "List the layers of the network that a cell makes, with their cost; or the passes that an engine makes of them.",
        footerHeading = "%nExamples:%n",
        footer = {"  pnas network --cell \"sep3x3(c-1)+identity(c-2)\" --layout cifar"})
final class NetworkCommand extends PnasCommand {
    private static final int MOST_IMAGES = 1 << 16;

    @Option(
            names = "--cell",
            paramLabel = "CELL",
            required = true,
            description = "its text, for instance \"sep3x3(c-1)+max3x3(c-2) | identity(b1)+sep5x5(c-1)\"")
    private @Nullable Cell cell;

    @Option(
            names = "--layout",
            paramLabel = "cifar|slides|imagenet",
            required = true,
            description = "how cells are stacked")
    private Layout.@Nullable Kind kind;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "cells in each group (default: " + Layout.DEFAULT_REPETITIONS + ")")
    private int repetitions = Layout.DEFAULT_REPETITIONS;

    @Option(
            names = "--filters",
            paramLabel = "F",
            description = "filters of the first group (default: " + Layout.DEFAULT_FILTERS + ")")
    private int filters = Layout.DEFAULT_FILTERS;

    @Option(
            names = "--classes",
            paramLabel = "N",
            description = "classes to tell apart (default: ${DEFAULT-VALUE}, as in digits and cifar10)",
            defaultValue = "10")
    private int classes;

    @Option(
            names = "--image",
            paramLabel = "HxWxC",
            description = "height, width and channels of an image (default: 32x32x3, imagenet 224x224x3)")
    private @Nullable ImageShape image;

    /** Engines that plan before they train. */
    private enum Planner {
        VECTOR
    }

    @Option(
            names = "--engine",
            paramLabel = "vector",
            description = "list the passes of a training step that this engine makes of the network")
    private @Nullable Planner engine;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "images of a step of the engine (default: ${DEFAULT-VALUE})",
            defaultValue = "64")
    private int batch;

    /** What an engine has planned. */
    private record Plan(List<Pass> passes, long memoryBytes) {}

    private record Pass(String name, String kind, long multiplyAdds, long bytes) {}

    @Override
    public Integer call() {
        Cell given = Objects.requireNonNull(cell);
        if (batch < 1 || batch > MOST_IMAGES) {
            throw CommandFailedException.usage("--batch must be 1 to " + MOST_IMAGES + ", got " + batch);
        }
        Network network = network(given);
        if (engine != null) {
            JsonNode plan = plan(given, network);
            print(plan, () -> table(Json.read(plan, Plan.class)));
            return ExitStatus.DONE;
        }
        print(document(given, network), () -> table(given, network));
        return ExitStatus.DONE;
    }

    private Network network(Cell given) {
        int side = kind == Layout.Kind.IMAGENET ? 224 : 32;
        try {
            Layout layout = new Layout(Objects.requireNonNull(kind), repetitions, filters);
            return NetworkBuilder.build(
                    given, layout, Objects.requireNonNullElse(image, new ImageShape(side, side, 3)), classes, 0);
        } catch (IllegalArgumentException e) {
            throw CommandFailedException.usage(e);
        }
    }

    private JsonNode plan(Cell given, Network network) {
        return EngineProcess.program(pnas().install(), Engine.VECTOR, "pnas.trainer.engine.vector.PlanMain")
                .run(
                        List.of(
                                given.text(),
                                Objects.requireNonNull(kind).name(),
                                Integer.toString(repetitions),
                                Integer.toString(filters),
                                network.image().toString(),
                                Integer.toString(classes),
                                Integer.toString(batch)),
                        spec().commandLine().getErr());
    }

    private String table(Plan plan) {
        Table table = new Table("PASS", "KIND", "MULTIPLY-ADDS", "BYTES");
        for (Pass pass : plan.passes()) {
            table.row(pass.name(), pass.kind(), pass.multiplyAdds(), pass.bytes());
        }
        return "%s%n%s multiply-adds and %s bytes of feature maps read and written for an image, forward%n%s bytes for a step of %s images%n"
                .formatted(
                        text(table),
                        Text.count(plan.passes().stream()
                                .mapToLong(Pass::multiplyAdds)
                                .sum()),
                        Text.count(plan.passes().stream().mapToLong(Pass::bytes).sum()),
                        Text.count(plan.memoryBytes()),
                        Text.count(batch));
    }

    private static ObjectNode document(Cell cell, Network network) {
        ObjectNode document = Json.object()
                .put("id", cell.id().hex())
                .put("canonical", cell.canonical().text())
                .put("parameters", network.parameters())
                .put("multiplyAdds", network.multiplyAdds());
        ArrayNode layers = document.putArray("layers");
        for (Node node : network.nodes()) {
            ObjectNode layer = layers.addObject().put("id", node.id()).put("name", node.name());
            layer.put("type", node.layer().getClass().getSimpleName());
            layer.set("settings", Json.tree(node.layer()));
            layer.set("inputs", Json.tree(node.inputs()));
            layer.put("output", node.output().toString());
            layer.put("parameters", node.layer().parameters());
            layer.put("multiplyAdds", node.layer().multiplyAdds(node.output()));
        }
        return document;
    }

    private String table(Cell cell, Network network) {
        Table table = new Table("LAYER", "KIND", "OUTPUT", "PARAMETERS", "MULTIPLY-ADDS");
        for (Node node : network.nodes()) {
            table.row(
                    node.name(),
                    node.layer().words(),
                    node.output(),
                    node.layer().parameters(),
                    node.layer().multiplyAdds(node.output()));
        }
        return "%s%ncell %s: %s%n%s parameters, %s multiply-adds%n"
                .formatted(
                        text(table),
                        cell.id().hex(),
                        cell.canonical().text(),
                        Text.count(network.parameters()),
                        Text.count(network.multiplyAdds()));
    }
}
