package pnas.orchestrator.trial;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Topics;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.broker.Batches;
import pnas.orchestrator.broker.Records;
import pnas.orchestrator.broker.Texts;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.store.Done;

/** Reads {@code pnas.progress} and answers on {@code pnas.control}. */
@ApplicationScoped
class ProgressRecords {
    private static final double MOST_SECONDS = 1e9;

    private final Batches batches;
    private final TrialChanges changes;
    private final TrialMetrics metrics;
    private final Records out;

    ProgressRecords(Batches batches, TrialChanges changes, TrialMetrics metrics, Records out) {
        this.batches = batches;
        this.changes = changes;
        this.metrics = metrics;
        this.out = out;
    }

    @Incoming("progress")
    @Blocking
    void read(ConsumerRecords<byte[], byte[]> records) {
        batches.handle(records, TrainingProgress.class, ProgressRecords::check, messages -> {
            Done done = changes.apply(messages);
            metrics.count(done);
            done.all(TrialEffects::stops).forEach(this::send);
        });
    }

    /** Not waited for: where it gets lost, the trainer's next heartbeat is answered with another one. */
    private void send(TrainerCommand.Stop stop) {
        out.sendUnawaited(Topics.CONTROL, stop.attempt().trialId(), stop);
    }

    private static void check(TrainingProgress message) {
        Texts.requireName("trial", message.attempt().trialId());
        Texts.requireName("worker", message.attempt().worker());
        if (message instanceof TrainingProgress.EpochFinished epoch) {
            requireTime(epoch.seconds());
        }
        if (message instanceof TrainingProgress.Ended ended) {
            requireTime(ended.seconds());
            switch (ended.outcome()) {
                case Outcome.Trained trained -> check(trained.trainedBy());
                case Outcome.Diverged diverged -> check(diverged.trainedBy());
                case Outcome.OutOfMemory outOfMemory -> {}
                case Outcome.Crashed crashed -> {}
                case Outcome.Stalled stalled -> {}
                case Outcome.Cancelled cancelled -> {}
                case Outcome.Released released -> {}
                case Outcome.Failed failed -> {}
            }
        }
    }

    /** Times are added up: one that is beyond all reason would end the sums of others. */
    private static void requireTime(double seconds) {
        if (seconds > MOST_SECONDS) {
            throw new PnasException(
                    ErrorCode.MALFORMED_MESSAGE, "seconds must be at most " + MOST_SECONDS + ", got " + seconds);
        }
    }

    private static void check(Machine machine) {
        Texts.requireName("engine", machine.engine());
        Texts.requireName("engine version", machine.engineVersion());
        Texts.requireName("kind of device", machine.deviceKind());
    }
}
