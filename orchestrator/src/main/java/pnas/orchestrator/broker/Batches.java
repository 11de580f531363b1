package pnas.orchestrator.broker;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.LostMachine;
import pnas.failure.PnasException;
import pnas.message.Messages;

/**
 * Works through what a poll brought, so that no record is lost and none stands in the way of others: all of them in one transaction where that
 * succeeds, again and again while the database is away, one by one where one of them is to blame, and that one to the dead letters.
 */
@ApplicationScoped
public class Batches {
    private static final Logger LOG = Logger.getLogger(Batches.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** Classes of SQL states that pass: connection, transaction rollback, resources, object not ready, operator, system. */
    private static final Set<String> PASSING = Set.of("08", "25", "40", "53", "55", "57", "58");

    private final Records out;
    private volatile boolean ending;

    Batches(Records out) {
        this.out = out;
    }

    /** A record and the message in it. */
    private record Read<T>(ConsumerRecord<byte[], byte[]> record, T message) {}

    /**
     * Returns once every record was worked on or is among the dead letters.
     *
     * @param check throws a {@link PnasException} for a message that breaks a rule
     * @param work one transaction over the messages, in their order; may be called again with the same messages after it failed
     */
    public <T> void handle(
            ConsumerRecords<byte[], byte[]> records, Class<T> type, Consumer<T> check, Consumer<List<T>> work) {
        List<Read<T>> readable = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                T message = Messages.decode(record.value(), type);
                check.accept(message);
                readable.add(new Read<>(record, message));
            } catch (PnasException e) {
                moveAway(record, e);
            }
        }
        if (!readable.isEmpty() && failureOf(readable, work) != null) {
            readable.forEach(one -> handleAlone(one, work));
        }
    }

    private <T> void handleAlone(Read<T> one, Consumer<List<T>> work) {
        RuntimeException failure = failureOf(List.of(one), work);
        if (failure instanceof PnasException refused) {
            moveAway(one.record(), refused);
        } else if (failure != null) {
            LOG.errorf(failure, "a record could not be worked on");
            moveAway(one.record(), new PnasException(ErrorCode.INTERNAL, "the work on it failed: " + failure, failure));
        }
    }

    /** Why it failed, where that does not pass by waiting; null once it succeeded. */
    private <T> @Nullable RuntimeException failureOf(List<Read<T>> batch, Consumer<List<T>> work) {
        List<T> messages = batch.stream().map(Read::message).toList();
        while (true) {
            try {
                work.accept(messages);
                return null;
            } catch (RuntimeException | Error e) {
                LostMachine.endIf(e);
                if (ending) {
                    throw e;
                }
                if (!passes(e)) {
                    // An error that is thrown on would end the reading of the topic for good.
                    return e instanceof RuntimeException exception ? exception : new IllegalStateException(e);
                }
                LOG.warnf("%d records wait for the database: %s", messages.size(), e.getMessage());
                pause();
            }
        }
    }

    /** Tries until the broker has it: a record that is neither worked on nor among the dead letters must not be committed. */
    private void moveAway(ConsumerRecord<byte[], byte[]> record, PnasException why) {
        while (true) {
            try {
                out.sendToDeadLetters(record, why);
                return;
            } catch (RuntimeException e) {
                if (ending) {
                    throw e;
                }
                LOG.warnf("the dead letters of %s cannot be reached: %s", record.topic(), e.getMessage());
                pause();
            }
        }
    }

    private static boolean passes(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                // No state: the pool had no connection to give.
                return state == null || (state.length() >= 2 && PASSING.contains(state.substring(0, 2)));
            }
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        ending = true;
    }
}
