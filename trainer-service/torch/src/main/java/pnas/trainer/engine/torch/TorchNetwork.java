package pnas.trainer.engine.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.training.Batch;
import pnas.trainer.training.NativeLibrary;
import pnas.trainer.training.TrainableNetwork;

/**
 * A network in training. Native objects live in two scopes: one for the life of the network, one for each call. Every random number comes from a
 * generator of its own, so that networks in one process don't draw from each other.
 */
final class TorchNetwork implements TrainableNetwork {
    private static final String FILE = "network.pt";
    /** A label that counts for nothing, which libtorch wants named. No image has it. */
    private static final long NO_LABEL = -100;

    private static final double RMSPROP_DECAY = 0.9;
    private static final double RMSPROP_EPSILON = 1;

    private final PointerScope lifetime;
    private final TorchDevice device;
    private final Generator generator;
    private final TorchModule module;
    private final Optimizer optimizer;
    private final double labelSmoothing;
    private final Precision precision;
    /** Sum of the losses since they were last taken, a double on the device: reading it at every step would wait for every step. */
    private final Tensor losses;

    /** Names of the nodes that a score depends on: the others have weights that are never trained. */
    private final Set<String> evaluated;

    private long steps;

    private TorchNetwork(
            Network network, TrainingSettings settings, long seed, TorchDevice device, PointerScope lifetime) {
        this.lifetime = lifetime;
        this.device = device;
        this.evaluated = network.evaluated().stream().map(Node::name).collect(Collectors.toSet());
        this.generator = torch.make_generator_cpu(seed);
        this.module = new TorchModule(network, device, new GeneratorOptional(generator));
        this.optimizer = optimizer(
                settings,
                new TensorVector(module.weights().parameters().values().toArray(Tensor[]::new)));
        this.precision = settings.precision();
        this.labelSmoothing = settings.labelSmoothing();
        this.losses = device.hold(torch.zeros(new long[0], new TensorOptions(torch.ScalarType.Double)));
    }

    /**
     * Makes a network with fresh weights.
     *
     * @throws pnas.failure.PnasException {@code OUT_OF_MEMORY} or {@code ENGINE_FAILURE}
     */
    static TorchNetwork create(Network network, TrainingSettings settings, long seed, TorchDevice device) {
        return NativeWork.call(() -> {
            torch.set_num_threads(settings.threads());
            try (PointerScope lifetime = new PointerScope()) {
                TorchNetwork created = new TorchNetwork(network, settings, seed, device, lifetime);
                lifetime.extend();
                return created;
            }
        });
    }

    private static Optimizer optimizer(TrainingSettings settings, TensorVector parameters) {
        return switch (settings.optimizer()) {
            case SGD -> {
                SGDOptions options = new SGDOptions(settings.learningRate());
                options.momentum().put(settings.momentum());
                options.nesterov().put(settings.momentum() > 0); // libtorch refuses Nesterov's step without momentum.
                options.weight_decay().put(settings.weightDecay());
                yield new SGD(parameters, options);
            }
            // The defaults are betas 0.9 and 0.999 and epsilon 1e-8. Decay is L2 added to the gradient, as for SGD.
            case ADAM -> {
                AdamOptions options = new AdamOptions(settings.learningRate());
                options.weight_decay().put(settings.weightDecay());
                yield new Adam(parameters, options);
            }
            case RMSPROP -> {
                RMSpropOptions options = new RMSpropOptions(settings.learningRate());
                options.alpha().put(RMSPROP_DECAY);
                options.eps().put(RMSPROP_EPSILON);
                options.momentum().put(settings.momentum());
                options.weight_decay().put(settings.weightDecay());
                yield new RMSprop(parameters, options);
            }
        };
    }

    @Override
    public void step(Batch batch, double learningRate) {
        NativeWork.run(() -> {
            optimizer.zero_grad();
            Tensor scores = forward(batch, true);
            Tensor loss = loss(scores, labels(batch));
            module.backward(scores, loss);
            optimizer.param_groups().get(0).options().set_lr(learningRate);
            optimizer.step();
            losses.add_(loss.detach());
            steps++;
        });
    }

    private Tensor loss(Tensor scores, Tensor labels) {
        return torch.cross_entropy_loss(
                scores, labels, new TensorOptional(), torch.Reduction.Mean.value, NO_LABEL, labelSmoothing);
    }

    @Override
    public double takeLoss() {
        return NativeWork.call(() -> {
            double mean = losses.item_double() / steps;
            losses.zero_();
            steps = 0;
            return Double.isFinite(mean) ? mean : Double.NaN;
        });
    }

    @Override
    public int countCorrect(Batch batch) {
        return NativeWork.call(() -> {
            Tensor best = scores(batch).argmax(new LongOptional(1), false);
            return best.eq(labels(batch)).sum().item_int();
        });
    }

    /** Scores (N, classes) with running statistics and without dropout, in the scope of the caller. */
    Tensor scores(Batch batch) {
        try (NoGradGuard _ = new NoGradGuard()) {
            return forward(batch, false);
        }
    }

    /** Scores (N, classes) in 32 bits. */
    private Tensor forward(Batch batch, boolean training) {
        return switch (precision) {
            case FP32 -> module.forward(images(batch), training);
            case BF16, BF16_FORCED -> {
                try (Bfloat16 _ = new Bfloat16(device)) {
                    yield module.forward(images(batch), training).to(torch.ScalarType.Float);
                }
            }
        };
    }

    TorchWeights weights() {
        return module.weights();
    }

    @Override
    public Map<String, pnas.trainer.tensor.Tensor> model() {
        return NativeWork.call(() -> {
            Map<String, pnas.trainer.tensor.Tensor> model = module.weights().all();
            model.keySet().removeIf(name -> !evaluated.contains(name.substring(0, name.lastIndexOf('.'))));
            return model;
        });
    }

    @Override
    public void save(Path directory) throws IOException {
        String file = directory.resolve(FILE).toString();
        storing(() -> {
            OutputArchive archive = new OutputArchive();
            module.weights().parameters().forEach((name, tensor) -> archive.write(name, tensor));
            module.weights().statistics().forEach((name, tensor) -> archive.write(name, tensor, true));
            OutputArchive optimizerState = new OutputArchive(archive.compilation_unit());
            optimizer.save(optimizerState);
            archive.write("optimizer", optimizerState);
            archive.write("generator", generator.get_state(), true);
            fileAccess(() -> archive.save_to(file));
        });
    }

    @Override
    public void restore(Path directory) throws IOException {
        String file = directory.resolve(FILE).toString();
        storing(() -> {
            InputArchive archive = new InputArchive();
            fileAccess(() -> archive.load_from(file, new DeviceOptional(device.toNative())));
            try (NoGradGuard _ = new NoGradGuard()) {
                restore(module.weights().parameters(), archive, false);
                restore(module.weights().statistics(), archive, true);
            }
            InputArchive optimizerState = new InputArchive();
            archive.read("optimizer", optimizerState);
            optimizer.load(optimizerState);
            Tensor generatorState = new Tensor();
            archive.read("generator", generatorState, true);
            generator.set_state(generatorState.cpu());
        });
    }

    /** Copies values into the tensors that are there, which keep their layout in memory. */
    private static void restore(Map<String, Tensor> tensors, InputArchive archive, boolean isBuffer) {
        tensors.forEach((name, tensor) -> {
            Tensor saved = new Tensor();
            archive.read(name, saved, isBuffer);
            tensor.copy_(saved);
        });
    }

    /** Does native work that reads or writes files. */
    private static void storing(Runnable work) throws IOException {
        try {
            NativeWork.run(work);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** libtorch reports every failure in one type; here only the file can be the cause. */
    private static void fileAccess(Runnable access) {
        try {
            access.run();
        } catch (RuntimeException e) {
            throw new UncheckedIOException(new IOException(NativeLibrary.firstLine(e), e));
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }

    /** Images (N, C, H, W): for channels-last a view of the array, which lies as (N, H, W, C). */
    private Tensor images(Batch batch) {
        long height = batch.shape().height();
        long width = batch.shape().width();
        long channels = batch.shape().channels();
        int length = Math.toIntExact(batch.size() * height * width * channels);
        FloatPointer pixels = new FloatPointer(length).put(batch.pixels(), 0, length);
        return device.hold(torch.from_blob(pixels, batch.size(), height, width, channels)
                        .permute(0, 3, 1, 2))
                .contiguous(device.format());
    }

    private Tensor labels(Batch batch) {
        LongPointer labels = new LongPointer(
                Arrays.stream(batch.labels(), 0, batch.size()).asLongStream().toArray());
        return device.hold(
                torch.from_blob(labels, new long[] {batch.size()}, new TensorOptions(torch.ScalarType.Long)));
    }
}
