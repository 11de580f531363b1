package pnas.trainer.intake;

import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.failure.PnasException;
import pnas.message.ControlCommand;
import pnas.message.Messages;
import pnas.message.PredictorCommand;
import pnas.message.TrainerCommand;

/** Hears the commands of the orchestrator to all trainers. */
@Singleton
final class Control {
    private final Slots slots;
    private final TrainerMetrics metrics;

    Control(Slots slots, TrainerMetrics metrics) {
        this.slots = slots;
        this.metrics = metrics;
    }

    /** There is no dead-letter topic here: every trainer reads every record, so each logs and counts what it cannot read. */
    @Incoming("control")
    void hear(ConsumerRecord<byte[], byte[]> record) {
        try {
            switch (Messages.decode(record.value(), ControlCommand.class)) {
                case TrainerCommand.Stop stop -> slots.stop(stop);
                case PredictorCommand command -> {}
            }
        } catch (PnasException e) {
            Log.warnf("%s@%d is ignored: %s", record.topic(), record.offset(), e.getMessage());
            metrics.commandMalformed();
        }
    }
}
