package pnas.orchestrator.dispatch;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import pnas.message.Topics;
import pnas.message.TrainingJob;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.broker.Records;
import pnas.orchestrator.life.store.Store;
import pnas.orchestrator.life.store.TrialTransactions;
import pnas.orchestrator.life.store.Turns;
import pnas.orchestrator.live.Loops;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.tracing.Traces;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Storage;

/** Sends queued trials to the trainers of their engines, as many as those will soon take. */
@ApplicationScoped
class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);

    private final Store store;
    private final Turns turns;
    private final Outbox outbox;
    private final Trainers trainers;
    private final BrokerWatch broker;
    private final Storage storage;
    private final Records out;
    private final Loops loops;
    private final Traces traces;
    private final DispatchConfig config;
    private final Turns.Steps steps = new Steps();

    Dispatcher(
            Store store,
            Turns turns,
            Outbox outbox,
            Trainers trainers,
            BrokerWatch broker,
            Storage storage,
            Records out,
            Loops loops,
            Traces traces,
            DispatchConfig config) {
        this.store = store;
        this.turns = turns;
        this.outbox = outbox;
        this.trainers = trainers;
        this.broker = broker;
        this.storage = storage;
        this.out = out;
        this.loops = loops;
        this.traces = traces;
        this.config = config;
    }

    void start(@Observes StartupEvent event) {
        loops.start("dispatcher", Signal.DISPATCH, config.poll(), this::dispatch);
    }

    private void dispatch() {
        for (String engine : store.engines()) {
            int sent = turns.go(engine, steps);
            if (sent > 0) {
                LOG.debugf("%d jobs for engine %s were sent", sent, engine);
            }
        }
    }

    /** Sends a job under a span of its own, which the trainer's span will stand under. */
    private CompletableFuture<Long> send(String topic, TrainingJob job) {
        Span span = traces.beginToSend("dispatch", job.traceparent())
                .setAttribute("messaging.destination.name", topic)
                .setAttribute("pnas.experiment", job.experimentId())
                .setAttribute("pnas.trial", job.trialId())
                .setAttribute("pnas.attempt", job.attempt());
        return out.send(topic, job.trialId(), job.withTraceparent(Traces.traceparent(span)))
                .whenComplete((sent, failure) -> {
                    if (failure != null) {
                        span.recordException(failure).setStatus(StatusCode.ERROR);
                    }
                    span.end();
                });
    }

    private final class Steps implements Turns.Steps {
        @Override
        public TrialTransactions.Turn read(String engine) {
            // What is reused needs no broker, and raises the signal once more.
            return outbox.read(
                    engine,
                    broker.isThere() && storage.obstacle() == null
                            ? trainers.crew(engine).slots() + config.surplus()
                            : 0);
        }

        @Override
        public void reuse(TrialTransactions.Turn turn) {
            outbox.reuse(turn);
        }

        @Override
        public Map<String, Long> send(String engine, List<TrainingJob> jobs) {
            Map<String, CompletableFuture<Long>> acknowledged = new LinkedHashMap<>();
            jobs.forEach(job -> acknowledged.put(job.trialId(), Dispatcher.this.send(Topics.jobs(engine), job)));
            Map<String, Long> sent = new HashMap<>();
            acknowledged.forEach((trial, acknowledgement) -> {
                try {
                    sent.put(
                            trial,
                            acknowledgement
                                    .orTimeout(Records.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                                    .join());
                } catch (CompletionException e) {
                    LOG.warnf("the job of trial %s was not sent and stays queued: %s", trial, e.getMessage());
                }
            });
            return sent;
        }

        @Override
        public void note(TrialTransactions.Turn turn, Map<String, Long> offsets) {
            outbox.note(turn, offsets);
        }
    }
}
