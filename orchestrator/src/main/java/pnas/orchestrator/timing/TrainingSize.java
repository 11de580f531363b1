package pnas.orchestrator.timing;

import pnas.network.Network;

/**
 * What of a training its time depends on, beside where it runs.
 *
 * @param multiplyAdds of the network, for one image
 * @param images images that it learns from in all its epochs together
 * @param parameters trainable ones
 * @param layers of the network, its image included; 0 where they were not counted
 */
public record TrainingSize(long multiplyAdds, long images, long parameters, int layers) {
    public TrainingSize {
        if (multiplyAdds < 1 || images < 1 || parameters < 1 || layers < 0) {
            throw new IllegalArgumentException("a training has multiply-adds, images and parameters, got "
                    + multiplyAdds + ", " + images + ", " + parameters + " and " + layers + " layers");
        }
    }

    public static TrainingSize of(Network network, long images) {
        return new TrainingSize(
                network.multiplyAdds(),
                images,
                network.parameters(),
                network.nodes().size());
    }

    /** Multiply-adds of all images together. */
    double work() {
        return (double) multiplyAdds * images;
    }
}
