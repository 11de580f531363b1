package pnas.network;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A layer at its place in a network.
 *
 * @param id position among the nodes of the network, from 0
 * @param name a stable path, for instance {@code cell3.block2.left.depthwise1}: engines exchange weights by it
 * @param layer what is computed
 * @param inputs the nodes whose outputs it takes, all of them before this one
 * @param output the shape of what it gives
 */
public record Node(int id, String name, Layer layer, List<Integer> inputs, ImageShape output) {
    public Node {
        inputs = List.copyOf(inputs);
        for (int input : inputs) {
            if (input < 0 || input >= id) {
                throw new IllegalArgumentException(name + " must take nodes before " + id + ", got " + inputs);
            }
        }
    }

    /** This node in a line of words, for a program that builds the same network: id, name, inputs with commas between them, kind, numbers of the layer. */
    public String text() {
        return String.join(
                " ",
                Integer.toString(id),
                name,
                inputs.stream().map(String::valueOf).collect(Collectors.joining(",")),
                layerText());
    }

    private String layerText() {
        return switch (layer) {
            case Layer.Input _ -> "input";
            case Layer.Convolution each ->
                words(
                        "convolution",
                        each.inputChannels(),
                        each.outputChannels(),
                        each.kernelHeight(),
                        each.kernelWidth(),
                        each.strideHeight(),
                        each.strideWidth(),
                        each.paddingHeight(),
                        each.paddingWidth(),
                        each.dilation(),
                        each.groups());
            case Layer.BatchNormalisation each -> words("norm", each.channels());
            case Layer.Relu _ -> "relu";
            case Layer.MaxPool each -> words("max", each.stride());
            case Layer.AveragePool each -> words("average", each.stride());
            case Layer.Shift _ -> "shift";
            case Layer.Add _ -> "add";
            case Layer.Concatenate _ -> "concatenate";
            case Layer.GlobalAveragePool _ -> "pool";
            case Layer.Dropout _ -> throw new IllegalStateException("there is no text of the dropout in " + name);
            case Layer.Linear each -> words("linear", each.inputs(), each.outputs());
        };
    }

    private static String words(String kind, int... numbers) {
        return kind + " " + Arrays.stream(numbers).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }
}
