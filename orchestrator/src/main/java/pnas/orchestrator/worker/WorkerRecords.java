package pnas.orchestrator.worker;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Topics;
import pnas.message.WorkerEvent;
import pnas.orchestrator.broker.Batches;
import pnas.orchestrator.broker.Texts;

/** Reads {@code pnas.workers}. */
@ApplicationScoped
class WorkerRecords {
    private static final int MAX_TRIALS = 1024;

    private final Batches batches;
    private final Workers workers;

    WorkerRecords(Batches batches, Workers workers) {
        this.batches = batches;
        this.workers = workers;
    }

    @Incoming("workers")
    @Blocking
    void read(ConsumerRecords<byte[], byte[]> records) {
        batches.handle(records, WorkerEvent.class, WorkerRecords::check, workers::apply);
    }

    private static void check(WorkerEvent event) {
        Texts.requireName("worker", event.worker());
        switch (event) {
            case WorkerEvent.Announced announced -> {
                Texts.requireName("host", announced.host());
                Texts.requireName("engine version", announced.machine().engineVersion());
                Texts.requireName("kind of device", announced.machine().deviceKind());
                if (!Topics.ENGINES.contains(announced.machine().engine())) {
                    throw malformed("engine must be one of " + Topics.ENGINES);
                }
            }
            case WorkerEvent.Alive alive -> {
                if (alive.trials().size() > MAX_TRIALS) {
                    throw malformed("a worker trains at most " + MAX_TRIALS + " trials at once");
                }
                alive.trials().forEach(trial -> Texts.requireName("trial", trial));
            }
            case WorkerEvent.Leaving leaving -> {}
        }
    }

    private static PnasException malformed(String message) {
        return new PnasException(ErrorCode.MALFORMED_MESSAGE, message);
    }
}
