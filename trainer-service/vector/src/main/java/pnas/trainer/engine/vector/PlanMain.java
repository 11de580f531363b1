package pnas.trainer.engine.vector;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.random.Draws;

/** Prints the plan of a network as a JSON document, for {@code pnas network --engine vector}. */
final class PlanMain {
    /**
     * What is printed.
     *
     * @param memoryBytes of the one array that a step of the batch works in
     */
    private record Document(List<Line> passes, long memoryBytes) {}

    /**
     * A pass.
     *
     * @param multiplyAdds for one image, forward
     * @param bytes of feature maps that it reads and writes for one image, forward
     */
    private record Line(String name, String kind, long multiplyAdds, long bytes) {}

    private PlanMain() {}

    /**
     * Prints it.
     *
     * @param arguments cell, layout, repetitions, filters, image, classes and the images of a batch
     */
    public static void main(String[] arguments) {
        System.out.println(new String(document(arguments), StandardCharsets.UTF_8));
    }

    static byte[] document(String... arguments) {
        Layout layout = new Layout(
                Layout.Kind.valueOf(arguments[1].toUpperCase(Locale.ROOT)),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        Network network = NetworkBuilder.build(
                Cell.parse(arguments[0]), layout, ImageShape.parse(arguments[4]), Integer.parseInt(arguments[5]), 0);
        Draws draws = new Draws(1);
        Plan plan = new Plan(network, new Weights(network, draws), draws, Integer.parseInt(arguments[6]));
        List<Line> passes = plan.passes().stream()
                .map(pass -> new Line(pass.name(), kind(pass), pass.multiplyAdds(), pass.bytes()))
                .toList();
        return Messages.encode(new Document(passes, (long) Float.BYTES * plan.length()));
    }

    private static String kind(Pass pass) {
        return switch (pass) {
            case ConvolutionPass convolution -> convolution.isSeparable() ? "separable half" : "convolution";
            case PoolPass _ -> "pool";
            case BlockSum _ -> "sum";
            case HeadPass _ -> "head with loss";
            default -> pass.getClass().getSimpleName();
        };
    }
}
