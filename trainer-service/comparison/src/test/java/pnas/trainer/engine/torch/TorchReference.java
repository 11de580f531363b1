package pnas.trainer.engine.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import pnas.message.TrainingSettings;
import pnas.network.Network;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.TrainableNetwork;

/** Networks of libtorch on the processor, in either of its layouts of memory. */
public final class TorchReference {
    /** How feature maps lie: as the engine has them, or as libtorch has them unless it is told otherwise, with its own pass back. */
    public enum Memory {
        CHANNELS_LAST(MemoryFormat.ChannelsLast),
        CONTIGUOUS(MemoryFormat.Contiguous);

        private final MemoryFormat format;

        Memory(MemoryFormat format) {
            this.format = format;
        }
    }

    private TorchReference() {}

    /** A network with fresh weights, which depend on the seed alone. */
    public static TrainableNetwork create(Network network, TrainingSettings settings, long seed, Memory memory) {
        TorchRuntime.start();
        return TorchNetwork.create(network, settings, seed, new TorchDevice("cpu", memory.format));
    }

    /** The gradients of the last step, by the name of the weight; none of weights that no score depends on. */
    public static Map<String, Tensor> gradients(TrainableNetwork network) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        ((TorchNetwork) network).weights().parameters().forEach((name, weight) -> {
            if (weight.grad().defined()) {
                gradients.put(name, TorchWeights.copy(weight.grad()));
            }
        });
        return gradients;
    }
}
