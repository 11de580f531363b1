package pnas.orchestrator.trainer;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainerEvent;
import pnas.orchestrator.broker.Batches;
import pnas.orchestrator.broker.Texts;

/** Reads {@code pnas.workers}. */
@ApplicationScoped
class TrainerRecords {
    private static final int MAX_TRIALS = 1024;

    private final Batches batches;
    private final Trainers trainers;

    TrainerRecords(Batches batches, Trainers trainers) {
        this.batches = batches;
        this.trainers = trainers;
    }

    @Incoming("workers")
    @Blocking
    void read(ConsumerRecords<byte[], byte[]> records) {
        batches.handle(records, TrainerEvent.class, TrainerRecords::check, trainers::apply);
    }

    private static void check(TrainerEvent event) {
        Texts.requireName("worker", event.worker());
        switch (event) {
            case TrainerEvent.Announced announced -> {
                Texts.requireName("host", announced.host());
                Texts.requireName("engine version", announced.machine().engineVersion());
                Texts.requireName("kind of device", announced.machine().deviceKind());
                if (!Engine.texts().contains(announced.machine().engine())) {
                    throw malformed("engine must be one of " + Engine.texts());
                }
            }
            case TrainerEvent.Alive alive -> {
                if (alive.trials().size() > MAX_TRIALS) {
                    throw malformed("a worker trains at most " + MAX_TRIALS + " trials at once");
                }
                alive.trials().forEach(trial -> Texts.requireName("trial", trial));
            }
            case TrainerEvent.Leaving leaving -> {}
        }
    }

    private static PnasException malformed(String message) {
        return new PnasException(ErrorCode.MALFORMED_MESSAGE, message);
    }
}
