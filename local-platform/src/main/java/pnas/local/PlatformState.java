package pnas.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;

/**
 * What {@code platform.json} says about the platform of a home directory; the file is gone after an orderly stop.
 *
 * @param pid the number of the supervisor's process
 * @param startTime when that process started
 * @param url where the orchestrator answers
 * @param state how far it is
 * @param message what went wrong, in a sentence; empty unless it failed
 * @param troubles what goes wrong while the platform goes on, a sentence each, for instance that a part ends again and again
 * @param processes the processes that it started, in the order of their first start
 */
record PlatformState(
        long pid,
        Instant startTime,
        String url,
        Progress state,
        String message,
        List<String> troubles,
        List<ProcessIdentity> processes) {
    PlatformState {
        // An earlier version did not write them.
        troubles = troubles == null ? List.of() : List.copyOf(troubles);
        processes = List.copyOf(processes);
    }

    ProcessIdentity supervisor() {
        return new ProcessIdentity("platform", pid, startTime);
    }

    /** How far a platform is. */
    enum Progress {
        /** Its parts are being started. */
        @JsonProperty("starting")
        STARTING,
        /** The orchestrator answers, and everything was started. */
        @JsonProperty("ready")
        READY,
        /** Its parts are being stopped. */
        @JsonProperty("stopping")
        STOPPING,
        /** It could not start or go on; nothing runs. */
        @JsonProperty("failed")
        FAILED
    }
}
