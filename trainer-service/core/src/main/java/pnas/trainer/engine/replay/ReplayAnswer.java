package pnas.trainer.engine.replay;

/**
 * What is known of a cell.
 *
 * @param accuracy 0 to 1
 * @param seconds how long its training takes, or is to seem to take
 */
record ReplayAnswer(double accuracy, double seconds) {
    ReplayAnswer {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException("accuracy must be 0 to 1, got " + accuracy);
        }
        if (!(seconds >= 0 && seconds <= 86_400)) {
            throw new IllegalArgumentException("seconds must be 0 to 86400, got " + seconds);
        }
    }
}
