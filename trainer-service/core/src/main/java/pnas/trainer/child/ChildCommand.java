package pnas.trainer.child;

import pnas.message.Messages;
import pnas.message.TrainingJob;
import pnas.trainer.training.TrainingTask.StopReason;

/** What the trainer says to its child: a word, and what belongs to it. */
sealed interface ChildCommand {
    /** Train this job; sent only when the job before it has ended. */
    record Train(TrainingJob job) implements ChildCommand {}

    /** Stop the job at its next step. */
    record Stop(StopReason reason) implements ChildCommand {}

    /** The trainer lives; sent every third of the lease. */
    record Alive() implements ChildCommand {}

    /** The text of the frame. */
    default String encode() {
        return switch (this) {
            case Train train -> "train " + Messages.encodeText(train.job());
            case Stop stop -> "stop " + stop.reason();
            case Alive() -> "alive ";
        };
    }

    /**
     * The command of a frame.
     *
     * @throws RuntimeException where the text is none: both ends are of one build, so that is a defect
     */
    static ChildCommand decode(String frame) {
        String[] parts = frame.split(" ", 2);
        return switch (parts[0]) {
            case "train" -> new Train(Messages.decodeText(parts[1], TrainingJob.class));
            case "stop" -> new Stop(StopReason.valueOf(parts[1]));
            case "alive" -> new Alive();
            default -> throw new IllegalArgumentException("no command: '" + parts[0] + "'");
        };
    }
}
