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

    /** Parameters, then statistics, by name. */
    Map<String, pnas.trainer.tensor.Tensor> all() {
        Map<String, pnas.trainer.tensor.Tensor> all = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> all.put(name, copy(tensor)));
        statistics.forEach((name, tensor) -> all.put(name, copy(tensor)));
        return all;
    }

    /** The numbers of a tensor in the order of its indices, whatever its layout in memory and wherever it is. */
    static pnas.trainer.tensor.Tensor copy(Tensor tensor) {
        try (PointerScope _ = new PointerScope()) {
            Tensor ordered = tensor.detach().cpu().contiguous();
            float[] values = new float[Math.toIntExact(ordered.numel())];
            ordered.data_ptr_float().get(values);
            return pnas.trainer.tensor.Tensor.of(ordered.sizes().vec().get(), values);
        }
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
