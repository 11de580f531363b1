package pnas.network;

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
                layer.text());
    }
}
