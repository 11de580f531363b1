package pnas.orchestrator.timing;

/**
 * What is known about the time of a training.
 *
 * @param seconds expected
 * @param model standard deviation of the logarithm that comes from what the model does not know: it is the same for all trainings of a place
 * @param own standard deviation of the logarithm that is this training's own: trainings of one size differ by so much
 * @param guess whether nothing was measured in its place
 */
public record TimePrediction(double seconds, double model, double own, boolean guess) {
    /** A time that is known. */
    public static TimePrediction known(double seconds) {
        return new TimePrediction(seconds, 0, 0, false);
    }

    /** The same with other seconds. */
    public TimePrediction withSeconds(double other) {
        return new TimePrediction(other, model, own, guess);
    }
}
