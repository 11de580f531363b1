package pnas.trainer.training;

/** The schedule of the learning rate: a cosine from the first rate down to 0 over all steps of all epochs. */
final class LearningRate {
    private LearningRate() {}

    /** {@code first / 2 · (1 + cos(π·step / steps))}, with steps counted from 0. */
    static double at(double first, long step, long steps) {
        return first / 2 * (1 + Math.cos(Math.PI * step / steps));
    }
}
