package pnas.orchestrator.life.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import pnas.message.TrainingJob;

/**
 * The turns of dispatch. One orchestrator at a time has that of an engine, so that no two send the same trial and no two experiments train the same thing at
 * once. A turn belongs to no transaction, so that none is open while the broker is waited for: it ends when it is given back, or when the connection is over
 * that holds it. An orchestrator whose connection ended does not notice. Then two may send the same job, as after a crash: of two notes the second changes
 * nothing, and so does the second claim.
 */
@FunctionalInterface
public interface Turns {
    /** Takes the turn of an engine; empty while somebody has it, and that is not waited for. */
    Optional<Held> take(String engine);

    /** A turn that nobody else has. */
    @FunctionalInterface
    interface Held extends AutoCloseable {
        /** Gives it back. */
        @Override
        void close();
    }

    /** What is done in a turn. To read, to reuse and to note are transactions, each of its own; to send is none. */
    interface Steps {
        /** See {@link TrialTransactions#turn}. */
        TrialTransactions.Turn read(String engine);

        /** See {@link TrialTransactions#reuse}. */
        void reuse(TrialTransactions.Turn turn);

        /** Sends jobs in their order and returns the offsets of those that the broker has, by the ids of their trials. */
        Map<String, Long> send(String engine, List<TrainingJob> jobs);

        /** See {@link TrialTransactions#sent}. */
        void note(TrialTransactions.Turn turn, Map<String, Long> offsets);
    }

    /**
     * A turn of an engine: queued trials that another experiment has trained, as a live trainer of today would train them, are answered; where there are none,
     * queued trials are sent, and those that the broker has are noted as dispatched. Where somebody else has the turn, nothing happens.
     *
     * @return how many jobs the broker has
     */
    default int go(String engine, Steps steps) {
        try (Held held = take(engine).orElse(null)) {
            if (held == null) {
                return 0;
            }
            TrialTransactions.Turn turn = steps.read(engine);
            if (!turn.reused().isEmpty()) {
                steps.reuse(turn);
            }
            if (turn.jobs().isEmpty()) {
                return 0;
            }
            Map<String, Long> offsets = steps.send(engine, turn.jobs());
            if (!offsets.isEmpty()) {
                steps.note(turn, offsets);
            }
            return offsets.size();
        }
    }
}
