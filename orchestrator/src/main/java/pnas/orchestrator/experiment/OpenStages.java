package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;

/** The stages that wait for a ranking. Every method is its own transaction. */
@ApplicationScoped
public class OpenStages {
    private final ExperimentChanges changes;

    OpenStages(ExperimentChanges changes) {
        this.changes = changes;
    }

    /** See {@link ExperimentTransactions#take}. */
    @Transactional
    public Optional<OpenStage> take(RankingTerms terms) {
        AtomicReference<@Nullable OpenStage> stage = new AtomicReference<>();
        Done _ = changes.apply(experiments -> {
            ExperimentTransactions.Taken taken = experiments.take(terms, UUID.randomUUID());
            stage.set(taken.stage());
            return taken.done();
        });
        return Optional.ofNullable(stage.get());
    }

    /** Notes how many candidates a stage has, before its request is sent. */
    public void expanded(OpenStage open, long candidates) {
        order(open, new StageOrder.Expanded(open.requestId(), candidates));
    }

    /** Notes that the request of a stage was sent; nothing where it was answered meanwhile. */
    public void asked(OpenStage open) {
        order(open, new StageOrder.Asked(open.requestId()));
    }

    /** Has chance choose the cells of a stage; nothing where that was done before, or its experiment is over. */
    public void draw(OpenStage open) {
        order(open, new StageOrder.Draw(open.requestId()));
    }

    /** Gives a stage back whose request could not be sent. */
    public void giveBack(OpenStage open) {
        order(open, new StageOrder.GiveBack(open.requestId()));
    }

    private void order(OpenStage open, StageOrder order) {
        Done _ = changes.apply(experiments -> experiments.order(open, order));
    }

    /** See {@link ExperimentTransactions#hear(RankingAnswer)}. */
    public void answered(RankingAnswer answer) {
        Done _ = changes.apply(experiments -> experiments.hear(answer));
    }

    /** See {@link ExperimentTransactions#hear(RankingMessage.SignOfLife)}. */
    public void heard(RankingMessage.SignOfLife sign) {
        Done _ = changes.apply(experiments -> experiments.hear(sign));
    }
}
