package pnas.network;

import java.util.List;

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
}
