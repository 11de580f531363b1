package pnas.orchestrator.timing;

/**
 * What is known about the time of a training.
 *
 * @param seconds expected
 * @param model standard deviation of the logarithm that comes from what the model does not know: it is the same for all trainings of a place
 * @param own standard deviation of the logarithm that is this training's own: trainings of one size differ by so much
 * @param guess whether nothing was measured in its place
 */
public record Prediction(double seconds, double model, double own, boolean guess) {
    /** A time that is known. */
    public static Prediction known(double seconds) {
        return new Prediction(seconds, 0, 0, false);
    }

    /** The same with other seconds. */
    public Prediction withSeconds(double other) {
        return new Prediction(other, model, own, guess);
    }
}
