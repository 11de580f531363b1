package pnas.network;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network as layers and shapes: the one truth that engines, drawings and costs come from.
 *
 * @param nodes in an order in which they can be computed; a node's id is its index. The first is the image, the last the linear layer that
 *     scores the classes
 */
public record Network(List<Node> nodes) {
    public Network {
        nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || !(nodes.getLast().layer() instanceof Layer.Linear)) {
            throw new IllegalArgumentException("a network must end with a linear layer, got "
                    + (nodes.isEmpty() ? "no layer" : nodes.getLast().name()));
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (node.id() != i) {
                throw new IllegalArgumentException(node.name() + " must have the id " + i + ", got " + node.id());
            }
            if (!names.add(node.name())) {
                throw new IllegalArgumentException("names of nodes must differ, got " + node.name() + " twice");
            }
            if (node.layer() instanceof Layer.Input != (i == 0)) {
                throw new IllegalArgumentException("the image must be the first node and no other, got " + node.name());
            }
            ImageShape output = node.layer()
                    .output(node.inputs().stream()
                            .map(nodes::get)
                            .map(Node::output)
                            .toList());
            if (!output.equals(node.output())) {
                throw new IllegalArgumentException(
                        node.name() + " must have the output " + output + ", got " + node.output());
            }
        }
    }

    /** The shape of an image. */
    public ImageShape image() {
        return nodes.getFirst().output();
    }

    /** Number of classes that the network tells apart. */
    public int classes() {
        return nodes.getLast().output().channels();
    }

    /** Number of trainable parameters. */
    public long parameters() {
        return nodes.stream().mapToLong(node -> node.layer().parameters()).sum();
    }

    /** Multiply-adds of all convolutions and of the linear layer for one image. */
    public long multiplyAdds() {
        return nodes.stream()
                .mapToLong(node -> node.layer().multiplyAdds(node.output()))
                .sum();
    }

    /**
     * The nodes that the scores depend on, in order. A cell that reads only one of the two cells before it leaves the projection of the other one
     * without a reader; such a layer has parameters, but neither a forward nor a backward pass needs it.
     */
    public List<Node> evaluated() {
        boolean[] needed = new boolean[nodes.size()];
        needed[nodes.size() - 1] = true;
        for (Node node : nodes.reversed()) {
            if (needed[node.id()]) {
                node.inputs().forEach(input -> needed[input] = true);
            }
        }
        return nodes.stream().filter(node -> needed[node.id()]).toList();
    }
}
