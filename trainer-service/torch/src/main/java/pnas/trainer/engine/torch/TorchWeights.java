package pnas.trainer.engine.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** The named tensors of one network on its device. They live as long as the scope that was open when this was made. */
final class TorchWeights {
    private final TorchDevice device;
    private final PointerScope lifetime = PointerScope.getInnerScope();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> statistics = new LinkedHashMap<>();

    TorchWeights(TorchDevice device) {
        this.device = device;
    }

    /** Adds a tensor that is trained. */
    Tensor parameter(String name, Supplier<Tensor> initial) {
        Tensor parameter = lasting(() -> device.hold(initial.get()).requires_grad_(true));
        parameters.put(name, parameter);
        return parameter;
    }

    /** Adds a tensor that a norm keeps count in. */
    Tensor statistic(String name, Supplier<Tensor> initial) {
        Tensor statistic = lasting(() -> device.hold(initial.get()));
        statistics.put(name, statistic);
        return statistic;
    }

    /** The trained tensors by node and role, for instance {@code stem.convolution.weight}, in the order of the nodes. */
    Map<String, Tensor> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** The running statistics of the norms, for instance {@code stem.norm.running_mean}. */
    Map<String, Tensor> statistics() {
        return Collections.unmodifiableMap(statistics);
    }

    /** Keeps the tensor, and nothing else that was made on the way to it. */
    private Tensor lasting(Supplier<Tensor> make) {
        try (PointerScope _ = new PointerScope()) {
            Tensor tensor = make.get();
            lifetime.attach(tensor);
            return tensor;
        }
    }
}
