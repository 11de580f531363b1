package pnas.trainer.intake;

import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import pnas.message.Messages;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress;

/** Sends what the trainer has to tell. Safe for use by many threads; records of one key arrive in the order they were given. */
@Singleton
final class Reports {
    private final Emitter<Record<String, byte[]>> progress;
    private final Emitter<Record<String, byte[]>> workers;

    Reports(
            // Bounded by the epochs of the trainings that run: the end of each is waited for.
            @Channel("progress") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER)
                    Emitter<Record<String, byte[]>> progress,
            @Channel("workers") Emitter<Record<String, byte[]>> workers) {
        this.progress = progress;
        this.workers = workers;
    }

    /** Sends an event of a training; complete once the broker has it. */
    CompletionStage<Void> send(TrainingProgress event) {
        return send(progress, Record.of(event.attempt().trialId(), Messages.encode(event)));
    }

    /** Sends an event of the worker; complete once the broker has it. */
    CompletionStage<Void> send(TrainerEvent event) {
        return send(workers, Record.of(event.worker(), Messages.encode(event)));
    }

    private static CompletionStage<Void> send(Emitter<Record<String, byte[]>> emitter, Record<String, byte[]> message) {
        try {
            return emitter.send(message);
        } catch (IllegalStateException e) {
            return CompletableFuture.failedFuture(e); // The application is on its way down.
        }
    }
}
