package pnas.orchestrator.trainer;

import java.time.Instant;

/**
 * The last that was heard of a trainer.
 *
 * @param heardAt when it was heard last, its goodbye left out
 * @param left whether it said goodbye
 * @param able whether it said that it can train
 * @param silent whether it is surely silent past its lease: others were heard meanwhile, and all that trainers sent has been read
 */
public record Sign(Instant heardAt, boolean left, boolean able, boolean silent) {
    /** The same where silence counts only if all that trainers sent was read before. */
    Sign knowing(boolean allIsRead) {
        return silent && !allIsRead ? new Sign(heardAt, left, able, false) : this;
    }
}
