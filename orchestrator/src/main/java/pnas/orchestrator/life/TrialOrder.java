package pnas.orchestrator.life;

import java.time.Instant;

/** What is wanted of a trial, by the platform or by the life of its experiment; nothing happens where its state does not allow it any more. */
public sealed interface TrialOrder {
    /**
     * Its job was sent.
     *
     * @param attempt the attempt that the job named
     * @param offset of the job's record at the broker
     */
    record Dispatch(int attempt, long offset) implements TrialOrder {}

    /**
     * Its job may be nowhere.
     *
     * @param sentBefore only where it was sent before then
     * @param queue where the jobs of its engine stood after that; all that trainers said of those that they had taken by then is worked on
     */
    record Lose(Instant sentBefore, JobQueue queue) implements TrialOrder {}

    /**
     * Its worker is silent.
     *
     * @param before only where the lease was over by then
     */
    record Expire(Instant before) implements TrialOrder {}

    /**
     * Another experiment has what it would measure.
     *
     * @param other a trial with a result
     */
    record Reuse(Trial other) implements TrialOrder {}

    /**
     * Its experiment ends before it.
     *
     * @param reason for a person
     */
    record Cancel(String reason) implements TrialOrder {}

    /** Its experiment goes on after all. */
    record Reopen() implements TrialOrder {}

    /** It failed, and somebody wants it tried again, with as many attempts and the whole batch as at first. */
    record TryAgain() implements TrialOrder {}

    /** Its stage chooses anew. */
    record SetAside() implements TrialOrder {}

    /** Its stage confirms other cells by now, or none: it is set aside where it is a repeat. */
    record SetAsideRepeat() implements TrialOrder {}

    /** Its stage has chosen it again. */
    record Choose() implements TrialOrder {}
}
