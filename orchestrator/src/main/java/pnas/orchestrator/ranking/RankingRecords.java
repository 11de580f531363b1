package pnas.orchestrator.ranking;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.orchestrator.broker.Batches;
import pnas.orchestrator.broker.Texts;
import pnas.orchestrator.experiment.OpenStages;

/** Reads {@code pnas.rankings}. */
@ApplicationScoped
class RankingRecords {
    private final Batches batches;
    private final OpenStages stages;

    RankingRecords(Batches batches, OpenStages stages) {
        this.batches = batches;
        this.stages = stages;
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
            case RankingMessage.SignOfLife sign -> {}
        }
    }

    private static void check(RankingMessage message) {
        Texts.requireName("experiment", message.experimentId());
    }
}
