package pnas.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;
import pnas.cell.Input;

/**
 * Stacks a cell into a network (Liu et al., ECCV 2018, section 3.2; details as in the network code that its author released).
 *
 * <p>Both inputs of each cell are first brought to its number of filters, whether or not a block reads them. The one exception is {@code c-2} of
 * the first cell, which like {@code c-1} is the stem: operations that read it map the stem's channels themselves.
 */
public final class NetworkBuilder {
    private static final int GROUPS = 3;
    private static final int IMAGENET_STEM_FILTERS = 32;
    private static final int WIDE_IMAGENET_STEM_FILTERS = 96;
    private static final int WIDE_IMAGENET_FROM = 200;

    private final List<Node> nodes = new ArrayList<>();
    private final Cell cell;

    private NetworkBuilder(Cell cell) {
        this.cell = cell;
    }

    /**
     * The network of a cell. All orderings of a cell give the same network.
     *
     * @param classes number of classes, at least 2
     * @param dropout probability that a feature is dropped before the linear layer, from 0 to less than 1; 0 builds no dropout layer
     */
    public static Network build(Cell cell, Layout layout, ImageShape image, int classes, double dropout) {
        if (classes < 2) {
            throw new IllegalArgumentException("classes must be at least 2, got " + classes);
        }
        return new NetworkBuilder(cell.canonical()).network(layout, image, classes, dropout);
    }

    private Network network(Layout layout, ImageShape image, int classes, double dropout) {
        int stem = stem(layout, add("image", new Layer.Input(image)));
        int previous = stem;
        int beforePrevious = stem;
        List<Size> sizes = sizes(layout);
        for (int i = 0; i < sizes.size(); i++) {
            int output = cell("cell" + (i + 1), previous, beforePrevious, sizes.get(i), i == 0);
            beforePrevious = previous;
            previous = output;
        }
        int features = add("head.pool", new Layer.GlobalAveragePool(), add("head.relu", new Layer.Relu(), previous));
        if (dropout != 0) {
            features = add("head.dropout", new Layer.Dropout(dropout), features);
        }
        add("head.linear", new Layer.Linear(channels(features), classes), features);
        return new Network(nodes);
    }

    /** Filters and stride of one cell. */
    private record Size(int filters, int stride) {}

    private static List<Size> sizes(Layout layout) {
        List<Size> sizes = new ArrayList<>();
        int filters = layout.filters();
        if (layout.kind() == Layout.Kind.IMAGENET) {
            sizes.add(new Size(filters / 4, 2));
            sizes.add(new Size(filters / 2, 2));
        }
        for (int group = 0; group < GROUPS; group++) {
            if (group > 0) {
                filters *= 2;
                sizes.add(new Size(filters, 2));
            }
            boolean firstOfGroupIsThere = group > 0 && layout.kind() != Layout.Kind.SLIDES;
            for (int i = firstOfGroupIsThere ? 1 : 0; i < layout.repetitions(); i++) {
                sizes.add(new Size(filters, 1));
            }
        }
        return sizes;
    }

    private int stem(Layout layout, int image) {
        return switch (layout.kind()) {
            case CIFAR, SLIDES -> convolutionAndNorm("stem", image, 3 * layout.filters(), 3, 1);
            case IMAGENET ->
                convolutionAndNorm(
                        "stem",
                        image,
                        layout.filters() < WIDE_IMAGENET_FROM ? IMAGENET_STEM_FILTERS : WIDE_IMAGENET_STEM_FILTERS,
                        3,
                        2);
        };
    }

    private int cell(String name, int previous, int beforePrevious, Size size, boolean first) {
        List<Integer> inputs = new ArrayList<>();
        inputs.add(projection(name + ".input1", previous, size.filters(), 1));
        inputs.add(first ? beforePrevious : resized(name + ".input2", beforePrevious, previous, size.filters()));
        for (Block block : cell.blocks()) {
            String blockName = name + ".block" + (inputs.size() - 1);
            int left = branch(blockName + ".left", block.left(), inputs, size);
            int right = branch(blockName + ".right", block.right(), inputs, size);
            inputs.add(add(blockName + ".add", new Layer.Add(), left, right));
        }
        List<Integer> blocks = inputs.subList(2, inputs.size());
        return blocks.size() == 1 ? blocks.getFirst() : add(name + ".concatenate", new Layer.Concatenate(), blocks);
    }

    private int branch(String name, Branch branch, List<Integer> inputs, Size size) {
        Input read = branch.input();
        int input = inputs.get(read.index());
        int filters = size.filters();
        int stride = read.isBlock() ? 1 : size.stride();
        return switch (branch.operation()) {
            case SEP3X3 -> separable(name, input, filters, 3, stride);
            case SEP5X5 -> separable(name, input, filters, 5, stride);
            case SEP7X7 -> separable(name, input, filters, 7, stride);
            case CONV1X7_7X1 -> factorised(name, input, filters, stride);
            case IDENTITY ->
                stride == 1 && channels(input) == filters ? input : projection(name, input, filters, stride);
            case AVG3X3 -> fitted(name, add(name + ".pool", new Layer.AveragePool(stride), input), filters);
            case MAX3X3 -> fitted(name, add(name + ".pool", new Layer.MaxPool(stride), input), filters);
            case DIL3X3 -> {
                int relu = add(name + ".relu", new Layer.Relu(), input);
                yield normalised(name, Layer.Convolution.square(channels(input), filters, 3, stride, 2), relu);
            }
        };
    }

    private int separable(String name, int input, int filters, int kernel, int stride) {
        int half = separableHalf(name, "1", input, filters, kernel, stride);
        return separableHalf(name, "2", half, filters, kernel, 1);
    }

    private int separableHalf(String name, String half, int input, int filters, int kernel, int stride) {
        int relu = add(name + ".relu" + half, new Layer.Relu(), input);
        int depthwise =
                add(name + ".depthwise" + half, Layer.Convolution.depthwise(channels(input), kernel, stride), relu);
        int pointwise =
                add(name + ".pointwise" + half, Layer.Convolution.pointwise(channels(input), filters, 1), depthwise);
        return add(name + ".norm" + half, new Layer.BatchNormalisation(filters), pointwise);
    }

    private int factorised(String name, int input, int filters, int stride) {
        int relu = add(name + ".relu", new Layer.Relu(), input);
        int rows = add(
                name + ".convolution1x7", new Layer.Convolution(channels(input), filters, 1, 7, 1, stride, 1, 1), relu);
        int columns =
                add(name + ".convolution7x1", new Layer.Convolution(filters, filters, 7, 1, stride, 1, 1, 1), rows);
        return add(name + ".norm", new Layer.BatchNormalisation(filters), columns);
    }

    private int fitted(String name, int input, int filters) {
        return channels(input) == filters ? input : convolutionAndNorm(name, input, filters, 1, 1);
    }

    /** A cell's {@code c-2} brought to the filters of the cell, and to the height and width of its {@code c-1}. */
    private int resized(String name, int input, int previous, int filters) {
        ImageShape from = nodes.get(input).output();
        ImageShape to = nodes.get(previous).output();
        boolean fits = from.height() == to.height() && from.width() == to.width();
        return fits ? projection(name, input, filters, 1) : reduction(name, input, filters);
    }

    private int reduction(String name, int input, int filters) {
        int relu = add(name + ".relu", new Layer.Relu(), input);
        int half = filters / 2;
        int path1 = add(name + ".path1", Layer.Convolution.pointwise(channels(input), half, 2), relu);
        int shifted = add(name + ".shift", new Layer.Shift(), relu);
        int path2 = add(name + ".path2", Layer.Convolution.pointwise(channels(input), filters - half, 2), shifted);
        int joined = add(name + ".concatenate", new Layer.Concatenate(), path1, path2);
        return add(name + ".norm", new Layer.BatchNormalisation(filters), joined);
    }

    private int projection(String name, int input, int filters, int stride) {
        return convolutionAndNorm(name, add(name + ".relu", new Layer.Relu(), input), filters, 1, stride);
    }

    private int convolutionAndNorm(String name, int input, int filters, int kernel, int stride) {
        return normalised(name, Layer.Convolution.square(channels(input), filters, kernel, stride, 1), input);
    }

    private int normalised(String name, Layer.Convolution convolution, int input) {
        int convolved = add(name + ".convolution", convolution, input);
        return add(name + ".norm", new Layer.BatchNormalisation(convolution.outputChannels()), convolved);
    }

    private int channels(int node) {
        return nodes.get(node).output().channels();
    }

    private int add(String name, Layer layer, Integer... inputs) {
        return add(name, layer, Arrays.asList(inputs));
    }

    private int add(String name, Layer layer, List<Integer> inputs) {
        ImageShape output =
                layer.output(inputs.stream().map(nodes::get).map(Node::output).toList());
        nodes.add(new Node(nodes.size(), name, layer, inputs, output));
        return nodes.size() - 1;
    }
}
