package pnas.orchestrator.ranking;

import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import pnas.message.RankingAnswer;
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
        // One transaction an answer: each belongs to another experiment, and there are few.
        batches.handle(
                records, RankingAnswer.class, RankingRecords::check, answers -> answers.forEach(stages::answered));
    }

    private static void check(RankingAnswer answer) {
        Texts.requireName("experiment", answer.experimentId());
    }
}
