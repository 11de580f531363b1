package pnas.trainer.engine.dl4j;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.NoOp;
import pnas.network.ImageShape;
import pnas.network.Layer;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.random.Draws;

/** Makes a {@code ComputationGraph} of a {@link Network}: the one place that knows what a layer is in Deeplearning4j. */
final class Dl4jGraph {
    private final GraphBuilder builder;
    private final Network network;
    private final Draws draws;

    private Dl4jGraph(Network network, Draws draws) {
        this.network = network;
        this.draws = draws;
        this.builder = new NeuralNetConfiguration.Builder()
                .weightInit(WeightInit.ZERO) // All of them are set afterwards, from numbers of our own.
                .activation(Activation.IDENTITY)
                .updater(new NoOp())
                .convolutionMode(ConvolutionMode.Truncate)
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .graphBuilder();
    }

    /**
     * The graph of the nodes that the scores depend on, with weights of zero; a node is a vertex of its name. Takes feature maps (N, C, H, W).
     *
     * @param draws what dropout drops
     */
    static ComputationGraph build(Network network, Draws draws) {
        ComputationGraph graph = new Dl4jGraph(network, draws).graph();
        graph.init();
        return graph;
    }

    private ComputationGraph graph() {
        ImageShape image = network.image();
        builder.addInputs(network.nodes().getFirst().name())
                .setInputTypes(InputType.convolutional(image.height(), image.width(), image.channels()))
                .setOutputs(network.nodes().getLast().name());
        network.evaluated().forEach(this::add);
        return new ComputationGraph(builder.build());
    }

    private void add(Node node) {
        String name = node.name();
        String[] inputs = node.inputs().stream()
                .map(input -> network.nodes().get(input).name())
                .toArray(String[]::new);
        switch (node.layer()) {
            case Layer.Input _ -> {}
            case Layer.Convolution layer -> builder.addLayer(name, convolution(layer), inputs);
            case Layer.BatchNormalisation _ -> builder.addLayer(name, normalisation(), inputs);
            case Layer.Relu _ -> builder.addLayer(name, new ActivationLayer(Activation.RELU), inputs);
            case Layer.MaxPool layer -> builder.addLayer(name, pool(PoolingType.MAX, layer.stride()), inputs);
            case Layer.AveragePool layer -> builder.addLayer(name, pool(PoolingType.AVG, layer.stride()), inputs);
            case Layer.Shift _ -> {
                // Padded first, so that a map of one row is not empty in between.
                String padded = name + ".padded";
                builder.addLayer(padded, new ZeroPaddingLayer.Builder(0, 1, 0, 1).build(), inputs);
                builder.addLayer(name, new Cropping2D.Builder(1, 0, 1, 0).build(), padded);
            }
            case Layer.Add _ -> {
                // A vertex that reads another one twice finds it at its first input only.
                if (inputs[0].equals(inputs[1])) {
                    builder.addVertex(name, new ScaleVertex(2), inputs[0]);
                } else {
                    builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
                }
            }
            case Layer.Concatenate _ -> builder.addVertex(name, new MergeVertex(), inputs);
            case Layer.GlobalAveragePool _ ->
                builder.addLayer(name, new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), inputs);
            case Layer.Dropout layer ->
                builder.addLayer(name, new DropoutLayer.Builder(new Dropping(layer.rate(), draws)).build(), inputs);
            case Layer.Linear layer ->
                builder.addLayer(
                        name,
                        new OutputLayer.Builder(new CrossEntropy())
                                .activation(Activation.IDENTITY)
                                .nIn(layer.inputs())
                                .nOut(layer.outputs())
                                .build(),
                        inputs);
        }
    }

    private static org.deeplearning4j.nn.conf.layers.Layer convolution(Layer.Convolution layer) {
        int[] kernel = {layer.kernelHeight(), layer.kernelWidth()};
        int[] stride = {layer.strideHeight(), layer.strideWidth()};
        int[] padding = {layer.paddingHeight(), layer.paddingWidth()};
        int[] dilation = {layer.dilation(), layer.dilation()};
        if (layer.groups() == 1) {
            return new ConvolutionLayer.Builder(kernel, stride, padding)
                    .dilation(dilation)
                    .nIn(layer.inputChannels())
                    .nOut(layer.outputChannels())
                    .hasBias(false)
                    .build();
        }
        return new DepthwiseConvolution2D.Builder(kernel, stride, padding)
                .dilation(dilation)
                .depthMultiplier(1)
                .nIn(layer.inputChannels())
                .nOut(layer.outputChannels())
                .hasBias(false)
                .build();
    }

    private static BatchNormalization normalisation() {
        return new BatchNormalization.Builder()
                .eps(Layer.BatchNormalisation.EPSILON)
                .decay(1 - Layer.BatchNormalisation.MOMENTUM)
                .useLogStd(false)
                .build();
    }

    private static SubsamplingLayer pool(PoolingType type, int stride) {
        return new SubsamplingLayer.Builder(type)
                .kernelSize(Layer.MaxPool.KERNEL, Layer.MaxPool.KERNEL)
                .stride(stride, stride)
                .padding(Layer.MaxPool.PADDING, Layer.MaxPool.PADDING)
                .build();
    }
}
