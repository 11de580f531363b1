package pnas.local;

import java.io.IOException;
import java.nio.file.Path;

/** One process of the platform, which can be started again after it ended. Used by one thread at a time. */
interface Part {
    /** The name in logs, in the state file and in messages, for instance {@code trainer-torch-1}. */
    String name();

    /** The file that gets what the process prints. */
    Path log();

    /**
     * Starts the process.
     *
     * @return the process, once it does its work as far as that can be asked
     * @throws IOException with a message for a person when it cannot be started
     */
    ProcessHandle start() throws IOException, InterruptedException;

    /** Asks the process to end, ends it by force when it takes too long, and returns when it is gone. */
    void stop() throws InterruptedException;
}
