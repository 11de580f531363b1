package pnas.orchestrator.capacity;

import java.time.Instant;
import pnas.decision.Decides;

/**
 * A trainer that did not come to work.
 *
 * @param job the name of its Job
 * @param kind what went wrong
 * @param at when
 * @param reason why, in the cluster's words
 */
@Decides
record Setback(String job, Kind kind, Instant at, String reason) {
    /** What went wrong. */
    enum Kind {
        /** Its container ended soon after its start. */
        FAILED("failed soon after the start"),
        /** Its container did not start in time. */
        LATE("did not start in time"),
        /** Its Job got no pod. */
        WITHOUT_POD("got no pod"),
        /** Its Job was not accepted. */
        REFUSED("was refused by the cluster", "were refused by the cluster");

        private final String one;
        private final String several;

        Kind(String words) {
            this(words, words);
        }

        Kind(String one, String several) {
            this.one = one;
            this.several = several;
        }

        /** In words that follow {@code a trainer} or {@code the last 3 trainers}. */
        String words(int count) {
            return count == 1 ? one : several;
        }
    }
}
