package pnas.orchestrator.ranking;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingRequest;
import pnas.message.Topics;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.broker.Records;
import pnas.orchestrator.experiment.OpenStages;
import pnas.orchestrator.life.OpenStage;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.RequestRecords;
import pnas.orchestrator.live.Loop;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.space.Expansion;
import pnas.space.SearchSpace;

/** Expands stages and asks for their rankings, one after the other. */
@ApplicationScoped
class RankingRequests {
    private static final Logger LOG = Logger.getLogger(RankingRequests.class);
    /** What is looked for from time to time is a matter of the scheduler. */
    private static final Duration SELDOM = Duration.ofDays(1);

    private final OpenStages stages;
    private final BrokerWatch broker;
    private final Records out;
    private final Signals signals;
    private final RankingConfig config;
    private @Nullable Loop loop;

    RankingRequests(OpenStages stages, BrokerWatch broker, Records out, Signals signals, RankingConfig config) {
        this.stages = stages;
        this.broker = broker;
        this.out = out;
        this.signals = signals;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        loop = Loop.start("ranking-requests", signals, Signal.OPEN_STAGE, SELDOM, this::askForAll);
    }

    /** Stages of other orchestrators and patience that is over give no signal of their own. */
    @Scheduled(
            every = "${pnas.ranking.poll}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void look() {
        signals.raise(Signal.OPEN_STAGE);
    }

    void stop(@Observes ShutdownEvent event) {
        if (loop != null) {
            loop.close();
        }
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
