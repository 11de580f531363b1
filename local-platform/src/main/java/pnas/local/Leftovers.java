package pnas.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Ends platforms from the outside: one that runs in a home directory, and the processes that one left which was killed. */
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** More than all parts of a platform together may take to end. */
    private static final Duration STOP_LIMIT = Duration.ofMinutes(2);

    private final Home home;
    private final RandomGenerator random;

    Leftovers(Home home, RandomGenerator random) {
        this.home = home;
        this.random = random;
    }

    /**
     * Ends what a supervisor that was killed left running. Only the process that holds the lock of the home may call it.
     *
     * @return whether there was anything to end
     */
    boolean end() throws InterruptedException {
        List<ProcessIdentity> known =
                home.readState().map(PlatformState::processes).orElse(List.of());
        boolean ended = !ProcessIdentity.endAll(known, PATIENCE).isEmpty();
        // PostgreSQL is found by its own file, also where the state file is lost.
        new EmbeddedDatabase(home.database(), home.databaseBinaries(System.getenv()), home.log("database"), random)
                .stop();
        return ended;
    }

    /**
     * Stops the platform of the home, or ends what a killed one left.
     *
     * @return what was done, as a sentence
     * @throws PlatformException when there was nothing to stop, or it does not end
     */
    String stopPlatform() throws PlatformException, InterruptedException {
        if (!Files.isDirectory(home.directory())) {
            throw nothingRuns();
        }
        try {
            // The processes to end are those that its files name.
            home.requireOwn();
            Optional<FileChannel> free = home.lock();
            boolean running = free.isEmpty();
            try (FileChannel _ = running ? lockOfTheStopped() : free.get()) {
                boolean ended = end();
                home.deleteState();
                if (!running && !ended) {
                    throw nothingRuns();
                }
                return (running
                                ? "The platform of %s was stopped."
                                : "What a killed platform of %s had left running was ended.")
                        .formatted(home.directory());
            }
        } catch (IOException e) {
            throw new PlatformException(
                    "The platform of %s could not be stopped: %s".formatted(home.directory(), e), e);
        }
    }

    private PlatformException nothingRuns() {
        return new PlatformException("No platform runs in %s.".formatted(home.directory()));
    }

    /** Asks the supervisor to stop, ends it by force when that takes too long, and takes the lock that it frees. */
    private FileChannel lockOfTheStopped() throws IOException, PlatformException, InterruptedException {
        long askUntil = System.nanoTime() + STOP_LIMIT.toNanos();
        long giveUp = askUntil + PATIENCE.toNanos();
        boolean asked = false;
        while (System.nanoTime() < giveUp) {
            Optional<FileChannel> lock = home.lock();
            if (lock.isPresent()) {
                return lock.get();
            }
            // A supervisor that has just taken the lock may not have written its number yet.
            Optional<ProcessHandle> supervisor =
                    home.readState().flatMap(state -> state.supervisor().find());
            if (System.nanoTime() > askUntil) {
                supervisor.ifPresent(ProcessHandle::destroyForcibly);
            } else if (!asked) {
                supervisor.ifPresent(ProcessHandle::destroy);
                asked = supervisor.isPresent();
            }
            Thread.sleep(PAUSE);
        }
        throw new PlatformException("The platform of %s does not end: look for the process that holds %s."
                .formatted(home.directory(), home.directory().resolve("platform.lock")));
    }
}
