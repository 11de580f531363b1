package pnas.orchestrator.ranking;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.message.PredictorCommand;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.Topics;
import pnas.orchestrator.broker.Batches;
import pnas.orchestrator.broker.Records;
import pnas.orchestrator.broker.Texts;
import pnas.orchestrator.experiment.OpenStages;

/** Reads {@code pnas.rankings} and withdraws on {@code pnas.control} what nobody waits for. */
@ApplicationScoped
class RankingRecords {
    private final Batches batches;
    private final OpenStages stages;
    private final Records out;

    RankingRecords(Batches batches, OpenStages stages, Records out) {
        this.batches = batches;
        this.stages = stages;
        this.out = out;
    }

    @Incoming("rankings")
    @Blocking
    void read(ConsumerRecords<byte[], byte[]> records) {
        // One transaction a message: each belongs to another experiment, and there are few.
        batches.handle(records, RankingMessage.class, RankingRecords::check, messages -> messages.forEach(this::take));
    }

    private void take(RankingMessage message) {
        switch (message) {
            case RankingAnswer answer -> stages.answered(answer);
            case RankingMessage.SignOfLife sign -> stages.heard(sign);
        }
    }

    /** Not waited for: where it gets lost, the request's next sign of life is answered with another one. */
    void send(@Observes(during = TransactionPhase.AFTER_SUCCESS) PredictorCommand.Withdrawn command) {
        out.sendUnawaited(Topics.CONTROL, command.experimentId(), command);
    }

    private static void check(RankingMessage message) {
        Texts.requireName("experiment", message.experimentId());
    }
}
