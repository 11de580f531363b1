package pnas.message;

import pnas.network.ImageShape;

/**
 * How a network is trained. All of it is part of a result's identity.
 *
 * @param optimizer the update rule
 * @param learningRate the rate at step 0; it decays by a cosine to 0 over all steps of all epochs
 * @param momentum Nesterov momentum of {@link Optimizer#SGD}, momentum of {@link Optimizer#RMSPROP}; ignored by {@link Optimizer#ADAM}
 * @param weightDecay L2 penalty added to the gradient of every parameter
 * @param batchSize images in a step
 * @param epochs passes over the training part
 * @param dropout probability that a feature is dropped before the linear layer; 0 builds no dropout layer
 * @param labelSmoothing share of each image's target that is spread evenly over all classes; the true class keeps the rest
 * @param augmentation how the images of a step are varied; validation and test see them as they are
 * @param precision in what numbers a step is computed
 * @param threads CPU threads of a training; results of different counts differ in their last bits
 */
public record TrainingSettings(
        Optimizer optimizer,
        double learningRate,
        double momentum,
        double weightDecay,
        int batchSize,
        int epochs,
        double dropout,
        double labelSmoothing,
        Augmentation augmentation,
        Precision precision,
        int threads) {

    /** The update rule. */
    public enum Optimizer {
        /** Stochastic gradient descent with Nesterov momentum. */
        SGD,
        /** Adam with betas 0.9 and 0.999 and epsilon 1e-8. */
        ADAM,
        /**
         * RMSProp with the published constants of this family of networks, decay 0.9 and epsilon 1, in the form of PyTorch: with gradient g, mean
         * square s (at first 0) and velocity v, {@code s = 0.9·s + 0.1·g²}, {@code v = momentum·v + g / (√s + 1)}, {@code w = w − rate·v}.
         * TensorFlow, with which the published networks were trained, starts s at 1, takes {@code √(s + 1)} and multiplies by the rate before the
         * velocity: with small gradients and a constant rate all of it is the same.
         */
        RMSPROP
    }

    /** How the images of a step are varied. */
    public enum Augmentation {
        /** As they are. */
        NONE,
        /**
         * Padded by 4 pixels of the mean colour on each side, cropped to their size at a uniformly random place, mirrored left to right with
         * probability one half (He et al., Deep Residual Learning for Image Recognition, 2015, section 4.2).
         */
        CROP_FLIP;

        /** What an experiment gets that names nothing else: photographs in colour are varied; a mirrored digit is none. */
        public static Augmentation usualFor(ImageShape image) {
            return image.channels() == 3 ? CROP_FLIP : NONE;
        }
    }

    /** In what numbers a step is computed. Weights, optimiser and statistics are always kept in 32 bits. */
    public enum Precision {
        /** 32-bit floating point. */
        FP32,
        /** Convolutions and the linear layer in bfloat16; refused on a device that is slower with it. */
        BF16,
        /** As {@link #BF16}, on any device. */
        BF16_FORCED
    }

    /** What an experiment on grey images gets that names nothing else. */
    public static final TrainingSettings DEFAULT =
            new TrainingSettings(Optimizer.SGD, 0.01, 0.9, 5e-4, 128, 20, 0, 0, Augmentation.NONE, Precision.FP32, 1);

    public TrainingSettings {
        Checks.between("learningRate", Double.MIN_VALUE, 10, learningRate);
        Checks.between("momentum", 0, 0.9999, momentum);
        Checks.between("weightDecay", 0, 1, weightDecay);
        Checks.between("batchSize", 1, 65_536, batchSize);
        Checks.between("epochs", 1, 10_000, epochs);
        Checks.between("dropout", 0, 0.99, dropout);
        Checks.between("labelSmoothing", 0, 0.5, labelSmoothing);
        Checks.between("threads", 1, 256, threads);
    }

    /** The same settings with the batch halved (rounded up), for a second attempt after memory ran out. */
    public TrainingSettings withHalfBatch() {
        return new TrainingSettings(
                optimizer,
                learningRate,
                momentum,
                weightDecay,
                (batchSize + 1) / 2,
                epochs,
                dropout,
                labelSmoothing,
                augmentation,
                precision,
                threads);
    }
}
