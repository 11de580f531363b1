package pnas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.cell.RandomCells;

class NetworkBuilderTest {
    private static final ImageShape CIFAR_IMAGE = new ImageShape(32, 32, 3);
    private static final Cell PNASNET5 = Cell.parse(
            "sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1) | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)");

    @ParameterizedTest
    @CsvFileSource(resources = "golden-networks.csv", nullValues = "-")
    void costs_are_the_golden_numbers(
            String layout,
            int repetitions,
            int filters,
            int classes,
            int height,
            int width,
            int channels,
            String cell,
            long parameters,
            @Nullable Long multiplyAdds) {
        Network network = NetworkBuilder.build(
                Cell.parse(cell),
                new Layout(Layout.Kind.valueOf(layout.toUpperCase(Locale.ROOT)), repetitions, filters),
                new ImageShape(height, width, channels),
                classes,
                0);

        assertThat(network.parameters()).isEqualTo(parameters);
        if (multiplyAdds != null) {
            assertThat(network.multiplyAdds()).isEqualTo(multiplyAdds);
        }
    }

    /**
     * Parameters of a branch in the second cell of cifar(1, 4), which has stride 2, 8 filters and, from a cell of one block, 4 channels before its
     * projections. Worked out by hand from the rules of each operation.
     */
    @ParameterizedTest
    @CsvSource({
        "sep3x3, 304", // 2 * (8*9 + 8*8 + 2*8)
        "sep5x5, 560", // 2 * (8*25 + 8*8 + 2*8)
        "sep7x7, 944", // 2 * (8*49 + 8*8 + 2*8)
        "conv1x7_7x1, 912", // 7*8*8 + 7*8*8 + 2*8
        "identity, 80", // stride 2: 8*8 + 2*8
        "avg3x3, 0",
        "max3x3, 0",
        "dil3x3, 592" // 9*8*8 + 2*8
    })
    void a_branch_of_stride_2_has_the_parameters_of_its_operation(String operation, long parameters) {
        Network network = build(operation + "(c-1)+" + operation + "(c-2)", new Layout(Layout.Kind.CIFAR, 1, 4));

        assertThat(parametersUnder(network, "cell2.block1.left.")).isEqualTo(parameters);
        assertThat(parametersUnder(network, "cell2.block1.right.")).isEqualTo(parameters);
        assertThat(node(network, "cell2.block1.add").output()).isEqualTo(new ImageShape(16, 16, 8));
    }

    /** In the first cell of cifar(1, 4) {@code c-2} is the unprojected stem of 12 channels, which an operation maps to 4 itself. */
    @ParameterizedTest
    @CsvSource({
        "sep3x3, 224", // 12*9 + 12*4 + 2*4 + 4*9 + 4*4 + 2*4
        "conv1x7_7x1, 456", // 7*12*4 + 7*4*4 + 2*4
        "identity, 56", // 12*4 + 2*4
        "avg3x3, 56",
        "max3x3, 56",
        "dil3x3, 440" // 9*12*4 + 2*4
    })
    void an_operation_on_the_unprojected_stem_maps_its_channels(String operation, long parameters) {
        Network network = build("identity(c-1)+" + operation + "(c-2)", new Layout(Layout.Kind.CIFAR, 1, 4));

        long branches =
                parametersUnder(network, "cell1.block1.left.") + parametersUnder(network, "cell1.block1.right.");
        assertThat(branches).isEqualTo(parameters);
        assertThat(network.nodes()).noneMatch(node -> node.name().startsWith("cell1.input2"));
    }

    @Test
    void a_pool_of_unfit_channels_is_projected_without_a_relu() {
        Network network = build("identity(c-1)+max3x3(c-2)", new Layout(Layout.Kind.CIFAR, 1, 4));

        assertThat(names(network, "cell1.block1.right."))
                .containsExactly(
                        "cell1.block1.right.pool", "cell1.block1.right.convolution", "cell1.block1.right.norm");
    }

    @Test
    void an_identity_that_fits_is_no_layer() {
        Network network = build("identity(c-1)+identity(c-1)", new Layout(Layout.Kind.CIFAR, 1, 4));

        Node add = node(network, "cell1.block1.add");
        int projected = node(network, "cell1.input1.norm").id();
        assertThat(add.inputs()).containsExactly(projected, projected);
        assertThat(names(network, "cell1.block1.")).containsExactly("cell1.block1.add");
    }

    @Test
    void a_separable_convolution_is_applied_twice_with_its_stride_first() {
        Network network = build("sep5x5(c-1)+sep5x5(c-1)", new Layout(Layout.Kind.CIFAR, 1, 4));

        assertThat(names(network, "cell2.block1.left."))
                .extracting(name -> name.substring("cell2.block1.left.".length()))
                .containsExactly(
                        "relu1", "depthwise1", "pointwise1", "norm1", "relu2", "depthwise2", "pointwise2", "norm2");
        assertThat(node(network, "cell2.block1.left.depthwise1").layer())
                .isEqualTo(new Layer.Convolution(8, 8, 5, 5, 2, 2, 1, 8));
        assertThat(node(network, "cell2.block1.left.depthwise2").layer())
                .isEqualTo(new Layer.Convolution(8, 8, 5, 5, 1, 1, 1, 8));
    }

    @Test
    void a_1x7_and_7x1_convolution_splits_its_stride_and_has_one_norm() {
        Network network = build("conv1x7_7x1(c-1)+conv1x7_7x1(c-1)", new Layout(Layout.Kind.CIFAR, 1, 4));

        assertThat(names(network, "cell2.block1.left."))
                .extracting(name -> name.substring("cell2.block1.left.".length()))
                .containsExactly("relu", "convolution1x7", "convolution7x1", "norm");
        Node rows = node(network, "cell2.block1.left.convolution1x7");
        assertThat(rows.layer()).isEqualTo(new Layer.Convolution(8, 8, 1, 7, 1, 2, 1, 1));
        assertThat(rows.output()).isEqualTo(new ImageShape(32, 16, 8));
        assertThat(node(network, "cell2.block1.left.convolution7x1").layer())
                .isEqualTo(new Layer.Convolution(8, 8, 7, 1, 2, 1, 1, 1));
    }

    @Test
    void a_smaller_previous_cell_brings_a_factorised_reduction() {
        Network network = build("identity(c-1)+identity(c-2)", new Layout(Layout.Kind.CIFAR, 2, 5));

        // Cell 3 has stride 2; cell 4 reads it as c-1 and the larger cell 2 as c-2.
        assertThat(names(network, "cell4.input2."))
                .extracting(name -> name.substring("cell4.input2.".length()))
                .containsExactly("relu", "path1", "shift", "path2", "concatenate", "norm");
        int relu = node(network, "cell4.input2.relu").id();
        assertThat(node(network, "cell4.input2.path1").inputs()).containsExactly(relu);
        assertThat(node(network, "cell4.input2.shift").inputs()).containsExactly(relu);
        assertThat(names(network, "cell3.input2.")).contains("cell3.input2.convolution");
    }

    @Test
    void a_factorised_reduction_to_odd_filters_gives_the_second_path_one_more() {
        Network network = build(
                "identity(c-1)+identity(c-2)", new Layout(Layout.Kind.IMAGENET, 1, 54), new ImageShape(65, 65, 3));

        // The second stem cell has 27 filters; sizes are 65, 33 (stem), 17 (first stem cell).
        assertThat(node(network, "cell2.input2.path1").output()).isEqualTo(new ImageShape(17, 17, 13));
        assertThat(node(network, "cell2.input2.path2").output()).isEqualTo(new ImageShape(17, 17, 14));
    }

    @Test
    void operations_that_read_blocks_keep_stride_1_in_a_cell_of_stride_2() {
        Network network = build("sep3x3(c-1)+sep3x3(c-2) | max3x3(b1)+sep3x3(b1)", new Layout(Layout.Kind.CIFAR, 1, 4));

        assertThat(node(network, "cell2.block2.left.pool").layer()).isEqualTo(new Layer.MaxPool(1));
        assertThat(node(network, "cell2.concatenate").output()).isEqualTo(new ImageShape(16, 16, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "CIFAR, 1 2 2",
        "SLIDES, 1 2 1 2 1",
        "IMAGENET, 2 2 1 2 2",
    })
    void layouts_of_one_repetition_have_their_strides(Layout.Kind kind, String strides) {
        Network network = build("max3x3(c-1)+max3x3(c-1)", new Layout(kind, 1, 8));

        assertThat(network.nodes().stream()
                        .filter(node -> node.name().endsWith(".block1.left.pool"))
                        .map(node -> Integer.toString(((Layer.MaxPool) node.layer()).stride()))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(strides);
    }

    @ParameterizedTest
    @CsvSource({"199, 32", "200, 96"})
    void the_imagenet_stem_is_wider_from_200_filters(int filters, int stem) {
        Network network = build("max3x3(c-1)+max3x3(c-1)", new Layout(Layout.Kind.IMAGENET, 1, filters));

        assertThat(node(network, "stem.norm").output()).isEqualTo(new ImageShape(16, 16, stem));
    }

    @Test
    void dropout_is_a_layer_only_where_it_drops() {
        Layout layout = new Layout(Layout.Kind.CIFAR, 1, 4);

        assertThat(NetworkBuilder.build(PNASNET5, layout, CIFAR_IMAGE, 10, 0).nodes())
                .noneMatch(node -> node.layer() instanceof Layer.Dropout);
        assertThat(NetworkBuilder.build(PNASNET5, layout, CIFAR_IMAGE, 10, 0.25).nodes())
                .filteredOn(node -> node.layer() instanceof Layer.Dropout)
                .singleElement()
                .satisfies(node -> assertThat(node.layer()).isEqualTo(new Layer.Dropout(0.25)));
    }

    @Test
    void all_orderings_of_a_cell_give_the_same_network() {
        Layout layout = new Layout(Layout.Kind.CIFAR, 1, 4);

        assertThat(NetworkBuilder.build(PNASNET5, layout, CIFAR_IMAGE, 10, 0))
                .isEqualTo(NetworkBuilder.build(PNASNET5.canonical(), layout, CIFAR_IMAGE, 10, 0));
    }

    @ParameterizedTest
    @EnumSource
    void every_cell_builds_on_a_single_pixel(Layout.Kind kind) {
        Random random = new Random(6);
        for (int i = 0; i < 20; i++) {
            Cell cell = RandomCells.draw(1 + i % 5, Arrays.asList(Operation.values()), random);
            Layout layout = new Layout(kind, 1 + i % 2, 4 + i % 3);

            Network network = NetworkBuilder.build(cell, layout, new ImageShape(1, 1, 1), 10, 0);

            assertThat(network.image()).isEqualTo(new ImageShape(1, 1, 1));
            assertThat(network.classes()).isEqualTo(10);
        }
    }

    @Test
    void only_layers_that_no_score_depends_on_are_left_out_of_the_evaluation() {
        Network all = NetworkBuilder.build(PNASNET5, new Layout(Layout.Kind.CIFAR, 1, 4), CIFAR_IMAGE, 10, 0);
        assertThat(all.evaluated()).isEqualTo(all.nodes());

        Network some = build("sep3x3(c-1)+sep3x3(c-1)", new Layout(Layout.Kind.CIFAR, 1, 4));
        Set<Node> left = new HashSet<>(some.nodes());
        some.evaluated().forEach(left::remove);
        assertThat(left).isNotEmpty().allMatch(node -> node.name().contains(".input2."));
    }

    @Test
    void blocks_before_the_concatenation_of_a_cell_are_additions() {
        Network network = NetworkBuilder.build(PNASNET5, new Layout(Layout.Kind.CIFAR, 1, 4), CIFAR_IMAGE, 10, 0);

        Node end = node(network, "cell1.concatenate");
        assertThat(end.output()).isEqualTo(new ImageShape(32, 32, 20));
        assertThat(end.inputs())
                .extracting(id -> network.nodes().get(id).name())
                .containsExactly(
                        "cell1.block1.add",
                        "cell1.block2.add",
                        "cell1.block3.add",
                        "cell1.block4.add",
                        "cell1.block5.add");
    }

    @Test
    void rejects_what_no_network_can_have() {
        Layout layout = new Layout(Layout.Kind.CIFAR, 1, 4);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkBuilder.build(PNASNET5, layout, CIFAR_IMAGE, 1, 0))
                .withMessage("classes must be at least 2, got 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkBuilder.build(PNASNET5, layout, CIFAR_IMAGE, 10, 1))
                .withMessage("dropout must be more than 0 and less than 1, got 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ImageShape(0, 8, 1))
                .withMessage("height, width and channels must be positive, got 0x8x1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layout(Layout.Kind.CIFAR, 0, 4))
                .withMessage("repetitions must be 1 to 64, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layout(Layout.Kind.IMAGENET, 1, 3))
                .withMessage("filters must be 4 to 4096, got 3");
    }

    private static Network build(String cell, Layout layout) {
        return build(cell, layout, CIFAR_IMAGE);
    }

    private static Network build(String cell, Layout layout, ImageShape image) {
        return NetworkBuilder.build(Cell.parse(cell), layout, image, 10, 0);
    }

    private static Node node(Network network, String name) {
        return network.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> names(Network network, String prefix) {
        return network.nodes().stream()
                .map(Node::name)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    private static long parametersUnder(Network network, String prefix) {
        return network.nodes().stream()
                .filter(node -> node.name().startsWith(prefix))
                .mapToLong(node -> node.layer().parameters())
                .sum();
    }
}
