package pnas.message;

/**
 * How a network is trained. All of it is part of a result's identity.
 *
 * @param optimizer the update rule
 * @param learningRate the rate at step 0; it decays by a cosine to 0 over all steps of all epochs
 * @param momentum Nesterov momentum of {@link Optimizer#SGD}; ignored by {@link Optimizer#ADAM}
 * @param weightDecay L2 penalty added to the gradient of every parameter
 * @param batchSize images in a step
 * @param epochs passes over the training part
 * @param dropout probability that a feature is dropped before the linear layer; 0 builds no dropout layer
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
        int threads) {

    /** The update rule. */
    public enum Optimizer {
        /** Stochastic gradient descent with Nesterov momentum. */
        SGD,
        /** Adam with betas 0.9 and 0.999 and epsilon 1e-8. */
        ADAM
    }

    /** What an experiment gets that names nothing else. */
    public static final TrainingSettings DEFAULT = new TrainingSettings(Optimizer.SGD, 0.01, 0.9, 5e-4, 128, 20, 0, 1);

    public TrainingSettings {
        Checks.between("learningRate", Double.MIN_VALUE, 10, learningRate);
        Checks.between("momentum", 0, 0.9999, momentum);
        Checks.between("weightDecay", 0, 1, weightDecay);
        Checks.between("batchSize", 1, 65_536, batchSize);
        Checks.between("epochs", 1, 10_000, epochs);
        Checks.between("dropout", 0, 0.99, dropout);
        Checks.between("threads", 1, 256, threads);
    }

    /** The same settings with the batch halved (rounded up), for a second attempt after memory ran out. */
    public TrainingSettings withHalfBatch() {
        return new TrainingSettings(
                optimizer, learningRate, momentum, weightDecay, (batchSize + 1) / 2, epochs, dropout, threads);
    }
}
