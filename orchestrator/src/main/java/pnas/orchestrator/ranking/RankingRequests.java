package pnas.orchestrator.ranking;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import pnas.message.RankingRequest;
import pnas.message.Topics;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.broker.Records;
import pnas.orchestrator.experiment.OpenStages;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.life.ranking.RequestRecords;
import pnas.orchestrator.live.Loops;
import pnas.orchestrator.live.Signal;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

/**
 * Expands stages and asks for their rankings, one after the other. Stages of other orchestrators and patience that is over give no signal, so it looks from
 * time to time as well.
 */
@ApplicationScoped
class RankingRequests {
    private static final Logger LOG = Logger.getLogger(RankingRequests.class);

    private final OpenStages stages;
    private final BrokerWatch broker;
    private final Records out;
    private final Loops loops;
    private final RankingConfig config;

    RankingRequests(OpenStages stages, BrokerWatch broker, Records out, Loops loops, RankingConfig config) {
        this.stages = stages;
        this.broker = broker;
        this.out = out;
        this.loops = loops;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        loops.start("ranking-requests", Signal.OPEN_STAGE, config.poll(), this::askForAll);
    }

    private void askForAll() {
        if (!broker.isThere()) {
            return;
        }
        Optional<OpenStage> open = take();
        while (open.isPresent()) {
            choose(open.get());
            open = take();
        }
    }

    private Optional<OpenStage> take() {
        return stages.take(new RankingTerms(config.patience(), config.repetitions(), config.working()));
    }

    private void choose(OpenStage open) {
        if (open.specification().search().drawsAtRandom()) {
            stages.draw(open);
        } else {
            ask(open);
        }
    }

    private void ask(OpenStage open) {
        boolean sent = false;
        try {
            Expansion expansion = new SearchSpace(open.specification().search().operations()).expand(open.parents());
            stages.expanded(open, expansion.count());
            CompletableFuture<?>[] acknowledged =
                    RequestRecords.of(open, expansion, RankingRequest.CHUNK_BYTES).stream()
                            .map(message -> out.send(Topics.CANDIDATES, open.experimentId(), message))
                            .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(acknowledged)
                    .orTimeout(Records.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            sent = true;
            LOG.debugf("asked for a ranking of %d candidates of %s", expansion.count(), open.experimentId());
            stages.asked(open);
        } finally {
            if (!sent) {
                stages.giveBack(open);
            }
        }
    }
}
