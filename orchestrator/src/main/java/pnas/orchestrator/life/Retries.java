package pnas.orchestrator.life;

import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.Outcome;

/** What follows an attempt that brought no result. */
final class Retries {
    private Retries() {}

    /**
     * What follows.
     *
     * @param retry whether another attempt is made
     * @param counts whether the attempt counts against the limit
     * @param halfBatch whether all further attempts train with half the batch
     * @param cause in words, absent where nothing went wrong
     */
    record Next(
            boolean retry,
            boolean counts,
            boolean halfBatch,
            @Nullable String cause) {}

    /**
     * What follows a setback.
     *
     * @param failures attempts before this one that counted
     * @param limit how many attempts may count before the trial fails
     * @param halfBatch whether this attempt trained with half the batch
     */
    static Next after(Setback setback, int failures, int limit, boolean halfBatch) {
        return switch (setback) {
            case Setback.GivenBack() -> new Next(true, false, halfBatch, null);
            case Setback.OutOfMemory(String message) ->
                halfBatch
                        ? new Next(false, true, true, "out of memory, with half the batch too: " + message)
                        : new Next(true, false, true, "out of memory: " + message);
            case Setback.Passing(String cause) -> {
                boolean more = failures + 1 < limit;
                yield new Next(
                        more, true, halfBatch, more ? cause : limit + " attempts failed, the last one: " + cause);
            }
            case Setback.Permanent(String cause) -> new Next(false, true, halfBatch, cause);
        };
    }

    /** Why an attempt brought no result, as far as it matters for what follows. */
    sealed interface Setback {
        /** The trainer left or was told to stop. */
        record GivenBack() implements Setback {}

        /** Memory ran out. */
        record OutOfMemory(String message) implements Setback {}

        /** Another attempt may pass. */
        record Passing(String cause) implements Setback {}

        /** Another attempt would end alike. */
        record Permanent(String cause) implements Setback {}

        /** The setback in an outcome; absent where the outcome is a result. */
        static @Nullable Setback of(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Trained trained -> null;
                case Outcome.Diverged diverged -> null;
                case Outcome.OutOfMemory(String message) -> new OutOfMemory(message);
                case Outcome.Crashed(String message) -> new Passing("the training process died: " + message);
                case Outcome.Stalled(String message) -> new Passing("the training made no step: " + message);
                case Outcome.Cancelled() -> new GivenBack();
                case Outcome.Released(int epoch) -> new GivenBack();
                case Outcome.Failed(var code, String message) ->
                    code.kind().isTransient()
                            ? new Passing(code + ": " + message)
                            : new Permanent(code + ": " + message);
            };
        }
    }
}
