package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.network.Layer;

class ConvolutionTest {
    private final Random random = new Random(1);

    @ParameterizedTest
    @CsvSource(textBlock = """
                    3, 1, 24, 9, 6
                    3, 2, 16, 8, 7
                    5, 1,  3, 1, 1
                    5, 1, 24, 2, 9
                    5, 1, 16, 8, 8
                    5, 2, 24, 9, 6
                    5, 2, 48, 8, 7
                    7, 1,  3, 2, 1
                    7, 1, 24, 9, 5
                    7, 1, 72, 8, 8
                    7, 2, 24, 1, 2
                    7, 2, 16, 8, 8
                    7, 2, 48, 9, 7
                    """)
    void depthwise_gradients_are_those_of_autograd(int kernel, int stride, int channels, int height, int width) {
        try (PointerScope _ = new PointerScope()) {
            Layer.Convolution layer = Layer.Convolution.depthwise(channels, kernel, stride);
            Tensor image = noise(3, channels, height, width);
            Tensor plainImage = image.detach().clone().requires_grad_(true);
            Tensor weight = noise(channels, 1, kernel, kernel);
            Tensor plainWeight = weight.detach().clone().requires_grad_(true);

            Trained trained = new Convolution(layer, weight).train(List.of(image), true);
            Tensor plain = new Convolution(layer, plainWeight).apply(List.of(plainImage), true);
            Tensor factors = noise(plain.sizes().vec().get());
            Tensor imageGradient = trained.backward().apply(factors, false).getFirst();
            plain.mul(factors).sum().backward();

            assertThat(Values.of(trained.output())).containsExactly(Values.of(plain));
            assertThat(Values.of(imageGradient)).containsExactly(Values.of(plainImage.grad()), within(1e-4f));
            assertThat(Values.of(weight.grad())).containsExactly(Values.of(plainWeight.grad()), within(1e-4f));
        }
    }

    /** Normal numbers, channels-last. */
    private Tensor noise(long... shape) {
        float[] values = new float[Math.toIntExact(LongStream.of(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Values.tensor(values, shape).contiguous(torch.MemoryFormat.ChannelsLast);
    }
}
