package pnas.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final ImageShape PIXEL = new ImageShape(1, 1, 3);
    private static final Node IMAGE = new Node(0, "image", new Layer.Input(PIXEL), List.of(), PIXEL);
    private static final Node LINEAR =
            new Node(1, "linear", new Layer.Linear(3, 2), List.of(0), new ImageShape(1, 1, 2));

    @Test
    void counts_weights_and_biases_of_a_linear_classifier() {
        Network network = new Network(List.of(IMAGE, LINEAR));

        assertThat(network.parameters()).isEqualTo(8);
        assertThat(network.multiplyAdds()).isEqualTo(6);
        assertThat(network.classes()).isEqualTo(2);
    }

    @Test
    void a_convolution_costs_its_kernel_for_each_pixel_of_its_output() {
        Layer.Convolution depthwise = Layer.Convolution.depthwise(4, 5, 2);
        ImageShape output = depthwise.output(List.of(new ImageShape(7, 8, 4)));

        assertThat(output).isEqualTo(new ImageShape(4, 4, 4));
        assertThat(depthwise.parameters()).isEqualTo(4 * 25);
        assertThat(depthwise.multiplyAdds(output)).isEqualTo(4 * 25 * 16);
        assertThat(depthwise.paddingHeight()).isEqualTo(2);
        assertThat(Layer.Convolution.square(4, 4, 3, 1, 2).paddingWidth()).isEqualTo(2);
    }

    @Test
    void rejects_nodes_that_are_no_network() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of()))
                .withMessage("a network must end with a linear layer, got no layer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of(IMAGE)))
                .withMessage("a network must end with a linear layer, got image");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of(LINEAR)))
                .withMessage("linear must have the id 0, got 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of(IMAGE, new Node(1, "image", LINEAR.layer(), List.of(0), PIXEL))))
                .withMessage("names of nodes must differ, got image twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of(IMAGE, new Node(1, "linear", LINEAR.layer(), List.of(0), PIXEL))))
                .withMessage("linear must have the output 1x1x2, got 1x1x3");
    }

    @Test
    void rejects_inputs_that_do_not_fit_a_layer() {
        ImageShape large = new ImageShape(2, 2, 3);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layer.Add().output(List.of(PIXEL, large)))
                .withMessage("two inputs of one shape are needed, got [1x1x3, 2x2x3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layer.Concatenate().output(List.of(PIXEL, large)))
                .withMessage("inputs of one height and width are needed, got [1x1x3, 2x2x3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layer.BatchNormalisation(4).output(List.of(PIXEL)))
                .withMessage("an input of 4 channels is needed, got 1x1x3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Layer.Linear(3, 2).output(List.of(large)))
                .withMessage("an input of 1x1x3 is needed, got 2x2x3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Node(1, "relu", new Layer.Relu(), List.of(1), PIXEL))
                .withMessage("relu must take nodes before 1, got [1]");
    }

    @Test
    void a_node_has_a_line_of_words_for_other_programs() {
        ImageShape shape = new ImageShape(4, 4, 8);
        assertThat(new Node(0, "image", new Layer.Input(shape), List.of(), shape).text())
                .isEqualTo("0 image  input");
        assertThat(new Node(7, "cell1.sum", new Layer.Add(), List.of(3, 6), shape).text())
                .isEqualTo("7 cell1.sum 3,6 add");
        assertThat(new Node(9, "head.linear", new Layer.Linear(8, 10), List.of(8), new ImageShape(1, 1, 10)).text())
                .isEqualTo("9 head.linear 8 linear 8 10");
    }
}
