package pnas.trainer.child;

import pnas.message.Messages;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.training.FinishedEpoch;

/** What a child tells the trainer: a word, and what belongs to it. */
sealed interface ChildEvent {
    /** The engine is open and waits for a job; the first event of a child. */
    record Hello(Machine machine) implements ChildEvent {}

    /** Steps and epochs done; not told of every step. */
    record Stepped(long step, int epoch) implements ChildEvent {}

    /** An epoch was trained, validated and kept. */
    record Finished(FinishedEpoch epoch) implements ChildEvent {}

    /** The job is over, and the child waits for the next one. */
    record Ended(Outcome outcome) implements ChildEvent {}

    /**
     * The process is gone. Never sent: the trainer's reader makes it at the end of the stream.
     *
     * @param exitCode as the system tells it, 137 after a kill
     * @param lastWords the end of the process's standard error
     */
    record Died(int exitCode, String lastWords) implements ChildEvent {}

    /** The text of the frame. */
    default String encode() {
        return switch (this) {
            case Hello hello -> "hello " + Messages.encodeText(hello.machine());
            case Stepped stepped -> "stepped " + stepped.step() + " " + stepped.epoch();
            case Finished finished -> "finished " + Messages.encodeText(finished.epoch());
            case Ended ended -> "ended " + Messages.encodeText(ended.outcome());
            case Died died -> throw new IllegalStateException("the dead send nothing: " + died);
        };
    }

    /**
     * The event of a frame.
     *
     * @throws RuntimeException where the text is none: both ends are of one build, so that is a defect
     */
    static ChildEvent decode(String frame) {
        String[] parts = frame.split(" ", 2);
        return switch (parts[0]) {
            case "hello" -> new Hello(Messages.decodeText(parts[1], Machine.class));
            case "stepped" -> {
                String[] numbers = parts[1].split(" ");
                yield new Stepped(Long.parseLong(numbers[0]), Integer.parseInt(numbers[1]));
            }
            case "finished" -> new Finished(Messages.decodeText(parts[1], FinishedEpoch.class));
            case "ended" -> new Ended(Messages.decodeText(parts[1], Outcome.class));
            default -> throw new IllegalArgumentException("no event: '" + parts[0] + "'");
        };
    }
}
