package pnas.trainer.engine.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Forward and backward pass of a separable convolution as the library's one layer and as its depthwise and 1x1 layers, in turn. Not part of the
 * suite; prints what it measures (docs/benchmarks.md).
 */
class SeparableBenchmark {
    private static final int ROUNDS = Integer.getInteger("rounds", 11);
    private static final int BATCH = 32;
    private static final int SIDE = 32;
    private static final int CHANNELS = 24;

    @Test
    void passes() {
        Nd4j.getEnvironment().setMaxThreads(1);
        for (int kernel : new int[] {3, 5, 7}) {
            int padding = kernel / 2;
            MultiLayerNetwork one = network(new SeparableConvolution2D.Builder(kernel, kernel)
                    .padding(padding, padding)
                    .nIn(CHANNELS)
                    .nOut(CHANNELS)
                    .hasBias(false)
                    .build());
            MultiLayerNetwork two = network(
                    new DepthwiseConvolution2D.Builder(kernel, kernel)
                            .padding(padding, padding)
                            .depthMultiplier(1)
                            .nIn(CHANNELS)
                            .nOut(CHANNELS)
                            .hasBias(false)
                            .build(),
                    new ConvolutionLayer.Builder(1, 1)
                            .nIn(CHANNELS)
                            .nOut(CHANNELS)
                            .hasBias(false)
                            .build());
            List<Double> ofOne = new ArrayList<>();
            List<Double> ofTwo = new ArrayList<>();
            for (int round = -2; round < ROUNDS; round++) {
                double first = seconds(one);
                double second = seconds(two);
                if (round >= 0) {
                    ofOne.add(first);
                    ofTwo.add(second);
                }
            }
            System.out.printf("%dx%d: one layer %s, two layers %s%n", kernel, kernel, text(ofOne), text(ofTwo));
        }
    }

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder builder =
                new NeuralNetConfiguration.Builder().seed(1).list();
        Arrays.stream(layers).forEach(builder::layer);
        builder.layer(new CnnLossLayer.Builder(LossFunction.MSE)
                .activation(Activation.IDENTITY)
                .build());
        MultiLayerNetwork network =
                new MultiLayerNetwork(builder.setInputType(InputType.convolutional(SIDE, SIDE, CHANNELS))
                        .build());
        network.init();
        INDArray images = Nd4j.rand(BATCH, CHANNELS, SIDE, SIDE);
        network.setInput(images);
        network.setLabels(images);
        return network;
    }

    private static double seconds(MultiLayerNetwork network) {
        long startedAt = System.nanoTime();
        network.computeGradientAndScore();
        return (System.nanoTime() - startedAt) / 1e9;
    }

    private static String text(List<Double> seconds) {
        List<Double> sorted = seconds.stream().sorted().toList();
        return "median %.3f s (%.3f to %.3f)"
                .formatted(sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
    }
}
