package pnas.predictor.ranking;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.FailureKind;
import pnas.failure.LostMachine;
import pnas.failure.PnasException;
import pnas.message.ControlCommand;
import pnas.message.Messages;
import pnas.message.PredictorCommand;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.message.TrainerCommand;
import pnas.predictor.ranking.CandidatesFormat.Content;
import pnas.predictor.ranking.OpenRequests.Effect;
import pnas.predictor.ranking.OpenRequests.Received;

/**
 * Does what {@link OpenRequests} decides. Reads {@code pnas.candidates} record by record and acknowledges a record once it is done with. The connector
 * commits an offset only when every record before it is acknowledged; after a crash the next consumer therefore reads all of an unanswered request.
 */
@Singleton
final class CandidatesReader {
    private static final Logger LOG = Logger.getLogger(CandidatesReader.class);
    private static final String EXPERIMENT = "experiment";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** A sign of life is late by a tenth of its interval at most. */
    private static final int LOOKS = 10;

    private final OpenRequests<Message<Content>> requests;
    private final Ranker ranker = new Ranker(System::nanoTime);
    private final InstantSource clock = InstantSource.system();
    private final Map<Long, Ranking> rankings = new ConcurrentHashMap<>();
    private final ExecutorService threads;
    private final ScheduledExecutorService ticks =
            Executors.newSingleThreadScheduledExecutor(daemons("signs-of-life-"));
    private final Duration signOfLife;
    private final MutinyEmitter<byte[]> messages;
    private final RankingMetrics metrics;

    CandidatesReader(
            RankingLimits limits,
            @Channel("rankings") @OnOverflow(OnOverflow.Strategy.UNBOUNDED_BUFFER) MutinyEmitter<byte[]> messages,
            MeterRegistry registry) {
        this.messages = messages;
        signOfLife = limits.signOfLife();
        requests = new OpenRequests<>(new OpenRequests.Terms(
                limits.mostCandidates(),
                limits.mostObservations(),
                limits.mostWaiting(),
                limits.threads(),
                signOfLife,
                limits.gathering()));
        threads = Executors.newFixedThreadPool(limits.threads(), daemons("ranking-"));
        metrics = new RankingMetrics(registry, () -> read(OpenRequests::gathering), () -> read(OpenRequests::waiting));
    }

    private static ThreadFactory daemons(String prefix) {
        return Thread.ofPlatform().name(prefix, 0).daemon().factory();
    }

    private synchronized long read(ToLongFunction<OpenRequests<Message<Content>>> count) {
        return count.applyAsLong(requests);
    }

    void start(@Observes StartupEvent event) {
        long pause = Math.max(1, signOfLife.toMillis() / LOOKS);
        var _ = ticks.scheduleWithFixedDelay(this::pass, pause, pause, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        ticks.shutdownNow();
        threads.shutdownNow();
    }

    /** One record at a time, in their order. */
    @Incoming("candidates")
    @Blocking("reading")
    CompletionStage<Void> read(Message<Content> message) {
        return switch (message.getPayload()) {
            case null -> refuse(message, new PnasException(ErrorCode.MALFORMED_MESSAGE, "the record has no value"));
            case Content.Unreadable unreadable -> refuse(message, unreadable.why());
            case Content.Part part -> {
                IncomingKafkaRecordMetadata<?, ?> place =
                        message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
                var received = new Received<>(part.part(), place.getPartition(), place.getOffset(), message);
                takeIn(received);
                yield CompletableFuture.completedFuture(null);
            }
        };
    }

    private static CompletionStage<Void> refuse(Message<Content> message, PnasException why) {
        LOG.warnf("A record goes to the dead letters: %s", why.getMessage());
        return message.nack(why);
    }

    /** Waits while there is no room; the consumer fetches nothing meanwhile. */
    private synchronized void takeIn(Received<Message<Content>> received) {
        while (!requests.hasRoom()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        perform(requests.accept(received, clock.instant()));
    }

    /** There is no dead-letter topic here: every predictor reads every record, so each logs and counts what it cannot read. */
    @Incoming("control")
    void hear(ConsumerRecord<byte[], byte[]> record) {
        try {
            switch (Messages.decode(record.value(), ControlCommand.class)) {
                case PredictorCommand.Withdrawn command -> {
                    LOG.debugf("Request %s is withdrawn: %s", command.requestId(), command.reason());
                    decide(open -> open.withdrawn(command.requestId()));
                }
                case TrainerCommand command -> {}
            }
        } catch (PnasException e) {
            LOG.warnf("%s@%d is ignored: %s", record.topic(), record.offset(), e.getMessage());
            metrics.malformedCommand();
        }
    }

    private void pass() {
        try {
            decide(open -> open.pass(clock.instant(), work -> {
                Ranking ranking = rankings.get(work);
                return ranking == null ? OpenRequests.Progress.NONE : ranking.progress();
            }));
        } catch (RuntimeException e) {
            LOG.error("signs of life could not be told", e);
        }
    }

    /** Whatever is decided is done in the order of the decisions; nothing of it waits for anybody. */
    private synchronized void decide(
            Function<OpenRequests<Message<Content>>, List<Effect<Message<Content>>>> decision) {
        perform(decision.apply(requests));
        notifyAll();
    }

    private void perform(List<Effect<Message<Content>>> effects) {
        for (Effect<Message<Content>> effect : effects) {
            metrics.count(effect);
            switch (effect) {
                case Effect.Done(List<Message<Content>> records) -> records.forEach(CandidatesReader::acknowledge);
                case Effect.Start(long work, RankingTask task) -> {
                    Ranking ranking = new Ranking(work, task);
                    rankings.put(work, ranking);
                    // Nothing begins any more while the service ends.
                    if (!threads.isShutdown()) {
                        threads.execute(ranking);
                    }
                }
                case Effect.Stop(long work) -> {
                    Ranking ranking = rankings.get(work);
                    if (ranking != null) {
                        ranking.stop();
                    }
                }
                case Effect.GaveUp(RankingRequest.Header header) ->
                    LOG.warnf(
                            "The request %s of experiment %s for stage %d is given up: the rest of it did not come",
                            header.requestId(), header.experimentId(), header.stage());
                case Effect.Answer(RankingAnswer answer) -> send(answer);
                case Effect.Tell(RankingMessage.SignOfLife sign) ->
                    outgoing(sign)
                            .subscribe()
                            .with(
                                    sent -> {},
                                    failure -> LOG.warnf("a sign of life was not sent: %s", failure.getMessage()));
            }
        }
    }

    private static void acknowledge(Message<Content> message) {
        var _ = message.ack().whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warnf("a record was not acknowledged: %s", failure.getMessage());
            }
        });
    }

    /** Tries until the broker has the answer: a request that is not answered would be asked again. */
    private void send(RankingAnswer answer) {
        // What the sender got wrong is said by the message; where in the code it was noticed helps nobody.
        if (answer instanceof RankingAnswer.Failed failure && failure.code().kind() == FailureKind.USER_ERROR) {
            LOG.warnf("A ranking of %s failed: %s", failure.experimentId(), failure.message());
        }
        outgoing(answer)
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .subscribe()
                .with(
                        sent -> decide(open -> open.sent(answer.requestId())),
                        failure -> LOG.error("an answer was not sent", failure));
    }

    private Uni<Void> outgoing(RankingMessage message) {
        OutgoingKafkaRecordMetadata<String> key = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(message.experimentId())
                .build();
        return messages.sendMessage(Message.of(Messages.encode(message)).addMetadata(key));
    }

    /** One ranking, on its thread. */
    private final class Ranking implements Runnable, Ranker.Watcher {
        private final long work;
        private final RankingTask task;
        private int scored;
        private long scoringSince;
        private long scoredAt;
        private boolean unwanted;
        private @Nullable Thread thread;

        Ranking(long work, RankingTask task) {
            this.work = work;
            this.task = task;
        }

        @Override
        public void run() {
            MDC.put(EXPERIMENT, task.header().experimentId());
            RankingAnswer answer = null;
            begin();
            try {
                answer = answer();
            } catch (CancellationException e) {
                metrics.withdrawn();
                LOG.infof(
                        "The ranking of stage %d ends: it is no longer wanted",
                        task.header().stage());
            } catch (Error e) {
                LostMachine.endIf(e);
                throw e;
            } finally {
                end();
                RankingAnswer said = answer;
                decide(open -> said == null ? open.stopped(work) : open.answered(work, said));
                MDC.remove(EXPERIMENT);
            }
        }

        private RankingAnswer answer() {
            RankingRequest.Header header = task.header();
            try {
                RankingAnswer.Ranked answer = ranker.rank(task, this);
                LOG.infof(
                        "Ranked %d candidates of stage %d with %s in %.1f s",
                        answer.candidates(), header.stage(), header.predictor(), answer.seconds());
                return answer;
            } catch (PnasException e) {
                if (e.code().kind() != FailureKind.USER_ERROR) {
                    LOG.warnf(e, "The ranking of stage %d failed: %s", header.stage(), e.getMessage());
                }
                return OpenRequests.failed(header, e);
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
            if (unwanted) {
                thread.interrupt();
            }
        }

        /** From here on nobody interrupts the thread, which has other rankings to do. */
        private synchronized void end() {
            thread = null;
            Thread.interrupted();
            rankings.remove(work);
        }

        synchronized void stop() {
            unwanted = true;
            if (thread != null) {
                thread.interrupt();
            }
        }

        @Override
        public synchronized void scored(int count) {
            scored = count;
            scoredAt = System.nanoTime();
            if (count == 0) {
                scoringSince = scoredAt;
            }
        }

        synchronized OpenRequests.Progress progress() {
            return new OpenRequests.Progress(scored, (scoredAt - scoringSince) / 1e9);
        }
    }
}
