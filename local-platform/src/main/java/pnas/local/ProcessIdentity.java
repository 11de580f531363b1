package pnas.local;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A process that can be told from a later one with the same number.
 *
 * @param name what the process is, for instance {@code orchestrator}
 * @param pid its number
 * @param startTime when it started, by the system's clock
 */
record ProcessIdentity(String name, long pid, Instant startTime) {
    private static final Duration PAUSE = Duration.ofMillis(50);

    // Linux counts the start of a process from the machine's start, and each reader computes that anew from a clock in
    // whole seconds.
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    static ProcessIdentity of(String name, ProcessHandle process) {
        return new ProcessIdentity(
                name, process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process if it still runs. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(this::isThis);
    }

    private boolean isThis(ProcessHandle process) {
        // A process that ended, but whose exit code nobody has fetched yet, has no command any more.
        ProcessHandle.Info info = process.info();
        return info.command().isPresent()
                && info.startInstant()
                        .map(start -> Duration.between(startTime, start).abs().compareTo(TOLERANCE) <= 0)
                        .orElse(false);
    }

    /**
     * Ends the processes that still run: asks all of them, and after the patience ends the rest by force.
     *
     * @return those that were still running
     */
    static List<ProcessIdentity> endAll(Collection<ProcessIdentity> processes, Duration patience)
            throws InterruptedException {
        List<ProcessIdentity> running =
                processes.stream().filter(process -> process.find().isPresent()).toList();
        running.forEach(process -> process.find().ifPresent(ProcessHandle::destroy));
        awaitEnd(running, patience);
        running.forEach(process -> process.find().ifPresent(ProcessHandle::destroyForcibly));
        awaitEnd(running, patience);
        return running;
    }

    private static void awaitEnd(List<ProcessIdentity> processes, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (processes.stream().anyMatch(process -> process.find().isPresent()) && System.nanoTime() < end) {
            Thread.sleep(PAUSE);
        }
    }
}
