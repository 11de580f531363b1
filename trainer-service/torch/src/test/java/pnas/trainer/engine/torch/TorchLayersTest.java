package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Node;

/** Every layer on tensors that are small enough to compute by hand. */
class TorchLayersTest {
    private static final Offset<Float> ROUNDING = within(1e-5f);

    private PointerScope scope;
    private TorchWeights weights;
    private TorchLayers layers;

    @BeforeEach
    void open() {
        TorchRuntime.start();
        scope = new PointerScope();
        TorchDevice cpu = TorchDevice.find("cpu");
        weights = new TorchWeights(cpu);
        layers = new TorchLayers(weights, cpu, new GeneratorOptional(torch.make_generator_cpu(1)));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    @Test
    void a_convolution_pads_with_zeros_and_has_no_bias() {
        BoundLayer sums = operation(Layer.Convolution.square(1, 1, 3, 1, 1), new ImageShape(3, 3, 1));
        set("layer.weight", ones(9));

        assertThat(weights.parameters()).containsOnlyKeys("layer.weight");
        assertThat(apply(sums, image(3, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
                .containsExactly(new float[] {12, 21, 16, 27, 45, 33, 24, 39, 28}, ROUNDING);
    }

    @Test
    void a_dilated_convolution_reads_every_second_pixel() {
        BoundLayer sums = operation(Layer.Convolution.square(1, 1, 3, 1, 2), new ImageShape(5, 5, 1));
        set("layer.weight", ones(9));
        // Pixel (row, column) is 10 * row + column.
        float[] pixels = new float[25];
        for (int i = 0; i < 25; i++) {
            pixels[i] = 10 * (i / 5) + i % 5;
        }

        float[] output = apply(sums, image(5, pixels));

        assertThat(output[0]).isEqualTo(0 + 2 + 20 + 22f); // (0,0), (0,2), (2,0), (2,2); the rest is padding.
        assertThat(output[12]).isEqualTo(9 * 22f); // All nine around the centre, whose mean is the centre.
        assertThat(output[6]).isEqualTo(11 + 13 + 31 + 33f);
    }

    @Test
    void a_pointwise_convolution_with_a_stride_reads_every_second_row_and_column() {
        BoundLayer mix = operation(Layer.Convolution.pointwise(2, 2, 2), new ImageShape(3, 3, 2));
        set("layer.weight", 1, 10, 0, -1);
        float[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, /* channel 2 */ 11, 12, 13, 14, 15, 16, 17, 18, 19};

        float[] output = apply(mix, Values.tensor(pixels, 1, 2, 3, 3));

        assertThat(output)
                .containsExactly(new float[] {111, 133, 177, 199, /* channel 2 */ -11, -13, -17, -19}, ROUNDING);
    }

    @Test
    void a_depthwise_convolution_keeps_channels_apart() {
        BoundLayer scale = operation(Layer.Convolution.depthwise(2, 3, 2), new ImageShape(2, 2, 2));
        set("layer.weight", 0, 0, 0, 0, 1, 2, 0, 0, 0, /* channel 2 */ 0, 0, 0, 0, 1, 0, 0, 3, 0);

        float[] output = apply(scale, Values.tensor(new float[] {1, 2, 3, 4, /* channel 2 */ 5, 6, 7, 8}, 1, 2, 2, 2));

        assertThat(output).containsExactly(new float[] {1 + 2 * 2, 5 + 3 * 7}, ROUNDING);
    }

    @Test
    void a_row_and_a_column_convolution_each_stride_along_their_kernel() {
        BoundLayer row = operation(new Layer.Convolution(1, 1, 1, 7, 1, 2, 1, 1), new ImageShape(2, 4, 1));
        set("layer.weight", 1, 2, 3, 4, 5, 6, 7);
        Tensor input = Values.tensor(new float[] {1, 0, 0, 1, 0, 1, 0, 0}, 1, 1, 2, 4);

        // Output column 0 is centred on column 0, output column 1 on column 2.
        assertThat(apply(row, input)).containsExactly(new float[] {4 + 7, 2 + 5, 5, 3}, ROUNDING);

        BoundLayer column = operation(new Layer.Convolution(1, 1, 7, 1, 2, 1, 1, 1), new ImageShape(4, 2, 1));
        set("layer.weight", 1, 2, 3, 4, 5, 6, 7);
        Tensor turned = Values.tensor(new float[] {1, 0, 0, 1, 0, 0, 1, 0}, 1, 1, 4, 2);
        assertThat(apply(column, turned)).containsExactly(new float[] {4 + 7, 5, 2 + 5, 3}, ROUNDING);
    }

    @Test
    void batch_normalisation_takes_the_batch_in_training_and_running_statistics_otherwise() {
        BoundLayer norm = operation(new Layer.BatchNormalisation(1), new ImageShape(2, 2, 1));
        set("layer.weight", 2);
        set("layer.bias", 5);
        Tensor input = image(2, 1, 3, 1, 3); // Mean 2, variance 1, unbiased variance 4/3.
        float scale = (float) (2 / Math.sqrt(1 + 1e-3));

        assertThat(apply(norm, input, true))
                .containsExactly(new float[] {5 - scale, 5 + scale, 5 - scale, 5 + scale}, ROUNDING);
        assertThat(Values.of(weights, "layer.running_mean")).containsExactly(new float[] {0.2f}, ROUNDING);
        assertThat(Values.of(weights, "layer.running_var"))
                .containsExactly(new float[] {0.9f + 0.1f * 4 / 3}, ROUNDING);

        float running = (float) (2 / Math.sqrt(0.9 + 0.1 * 4 / 3 + 1e-3));
        assertThat(apply(norm, image(2, 0.2f, 1.2f, 0.2f, 0.2f)))
                .containsExactly(new float[] {5, 5 + running, 5, 5}, ROUNDING);
    }

    @Test
    void batch_normalisation_refuses_to_train_on_a_single_value_per_channel() {
        BoundLayer norm = operation(new Layer.BatchNormalisation(1), new ImageShape(1, 1, 1));

        assertThatThrownBy(() -> apply(norm, image(1, 3), true)).isInstanceOfSatisfying(PnasException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_IMPOSSIBLE);
            assertThat(e).hasMessageStartingWith("layer cannot normalise a batch of one feature map of 1x1");
        });
        assertThat(apply(norm, image(1, 3))).hasSize(1).doesNotContain(Float.NaN);
    }

    @Test
    void an_average_does_not_count_padding() {
        BoundLayer pool = operation(new Layer.AveragePool(1), new ImageShape(2, 2, 1));
        assertThat(apply(pool, image(2, 1, 2, 3, 6))).containsExactly(new float[] {3, 3, 3, 3}, ROUNDING);

        BoundLayer strided = operation(new Layer.AveragePool(2), new ImageShape(3, 3, 1));
        assertThat(apply(strided, image(3, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
                .containsExactly(new float[] {3, 4, 6, 7}, ROUNDING);
    }

    @Test
    void padding_never_is_the_maximum() {
        BoundLayer pool = operation(new Layer.MaxPool(2), new ImageShape(3, 3, 1));

        assertThat(apply(pool, image(3, -1, -2, -3, -4, -5, -6, -7, -8, -9))).containsExactly(-1, -2, -4, -5);
    }

    @Test
    void a_shift_drops_the_first_row_and_column_and_pads_behind() {
        BoundLayer shift = operation(new Layer.Shift(), new ImageShape(3, 3, 1));
        assertThat(apply(shift, image(3, 1, 2, 3, 4, 5, 6, 7, 8, 9))).containsExactly(5, 6, 0, 8, 9, 0, 0, 0, 0);

        BoundLayer ofOnePixel = operation(new Layer.Shift(), new ImageShape(1, 1, 1));
        assertThat(apply(ofOnePixel, image(1, 7))).containsExactly(0);
    }

    @Test
    void relu_add_concatenate_and_global_average_are_what_they_are_called() {
        ImageShape shape = new ImageShape(2, 2, 1);
        Tensor one = image(2, -1, 2, -3, 4);
        Tensor two = image(2, 10, 20, 30, 40);

        assertThat(apply(operation(new Layer.Relu(), shape), one)).containsExactly(0, 2, 0, 4);
        assertThat(Values.of(operation(new Layer.Add(), shape, shape).apply(List.of(one, two), true)))
                .containsExactly(9, 22, 27, 44);
        assertThat(Values.of(operation(new Layer.Concatenate(), shape, shape).apply(List.of(two, one), true)))
                .containsExactly(10, 20, 30, 40, -1, 2, -3, 4);
        assertThat(apply(operation(new Layer.GlobalAveragePool(), shape), two)).containsExactly(25);
    }

    @Test
    void a_linear_layer_has_biases() {
        BoundLayer linear = operation(new Layer.Linear(2, 3), new ImageShape(1, 1, 2));
        set("layer.weight", 1, 2, 3, 4, 5, 6);
        set("layer.bias", 10, 20, 30);

        assertThat(apply(linear, Values.tensor(new float[] {1, -1}, 1, 2, 1, 1)))
                .containsExactly(new float[] {9, 19, 29}, ROUNDING);
    }

    @Test
    void dropout_drops_its_share_in_training_only_and_scales_the_rest() {
        BoundLayer dropout = operation(new Layer.Dropout(0.25), new ImageShape(1, 1, 1000));
        Tensor input = Values.tensor(ones(4000), 4, 1000, 1, 1);

        float[] output = apply(dropout, input, true);

        assertThat(output).containsOnly(0, (float) (1 / 0.75));
        long dropped = IntStream.range(0, 4000).filter(i -> output[i] == 0).count();
        assertThat(dropped).isBetween(900L, 1100L); // 1,000 expected, with a deviation of 27.
        assertThat(apply(dropout, input, true)).isNotEqualTo(output);
        assertThat(apply(dropout, input)).containsOnly(1);
    }

    @Test
    void initial_weights_are_kaiming_normal_by_fan_out_and_uniform_for_the_linear_layer() {
        operation(Layer.Convolution.square(8, 64, 3, 1, 1), new ImageShape(4, 4, 8));
        assertThat(deviation("layer.weight")).isCloseTo(Math.sqrt(2.0 / (64 * 9)), within(0.002));

        operation(Layer.Convolution.depthwise(64, 5, 1), new ImageShape(4, 4, 64));
        assertThat(deviation("layer.weight")).isCloseTo(Math.sqrt(2.0 / (64 * 25)), within(0.002));

        operation(new Layer.Linear(100, 50), new ImageShape(1, 1, 100));
        assertThat(deviation("layer.weight")).isCloseTo(0.1 / Math.sqrt(3), within(0.002));
        for (String name : List.of("layer.weight", "layer.bias")) {
            float[] drawn = Values.of(weights, name);
            assertThat(IntStream.range(0, drawn.length)
                            .mapToDouble(i -> Math.abs(drawn[i]))
                            .max()
                            .orElseThrow())
                    .isBetween(0.09, 0.1);
        }
    }

    private double deviation(String name) {
        float[] drawn = Values.of(weights, name);
        return Math.sqrt(IntStream.range(0, drawn.length)
                .mapToDouble(i -> (double) drawn[i] * drawn[i])
                .average()
                .orElseThrow());
    }

    private BoundLayer operation(Layer layer, ImageShape... inputs) {
        List<ImageShape> shapes = List.of(inputs);
        List<Integer> ids = IntStream.range(0, shapes.size()).boxed().toList();
        return layers.operation(new Node(shapes.size(), "layer", layer, ids, layer.output(shapes)));
    }

    private void set(String name, float... values) {
        Values.set(Values.named(weights, name), values);
    }

    /** A square image of one channel, channels-last as all feature maps are. */
    private static Tensor image(int size, float... pixels) {
        return Values.tensor(pixels, 1, 1, size, size).contiguous(torch.MemoryFormat.ChannelsLast);
    }

    private static float[] apply(BoundLayer operation, Tensor input) {
        return apply(operation, input, false);
    }

    private static float[] apply(BoundLayer operation, Tensor input, boolean training) {
        return Values.of(operation.apply(List.of(input.contiguous(torch.MemoryFormat.ChannelsLast)), training));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
