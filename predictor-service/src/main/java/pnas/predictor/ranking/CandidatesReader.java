package pnas.predictor.ranking;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import pnas.failure.FailureKind;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.message.RankingRequest;
import pnas.predictor.ranking.OpenRequests.Received;
import pnas.predictor.ranking.OpenRequests.Step;

/**
 * Reads {@code pnas.candidates} record by record, answers each request that is complete on {@code pnas.rankings}, and acknowledges its records once
 * the broker has the answer. The connector commits an offset only when every record before it is acknowledged; after a crash the next
 * consumer therefore reads all of an unanswered request.
 */
@Singleton
final class CandidatesReader {
    private static final Logger LOG = Logger.getLogger(CandidatesReader.class);
    private static final String EXPERIMENT = "experiment";
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final OpenRequests<Message<byte[]>> openRequests;
    private final Ranker ranker = new Ranker(System::nanoTime);
    private final MutinyEmitter<byte[]> answers;
    private final Counter ranked;
    private final Counter failed;
    private final Counter candidates;
    private final Timer time;

    CandidatesReader(RankingLimits limits, @Channel("rankings") MutinyEmitter<byte[]> answers, MeterRegistry registry) {
        this.answers = answers;
        openRequests = new OpenRequests<>(limits.mostCandidates(), limits.mostObservations());
        ranked = outcomes(registry, "ranked");
        failed = outcomes(registry, "failed");
        candidates = Counter.builder("pnas.ranking.candidates")
                .description("Candidates that were scored")
                .register(registry);
        time = Timer.builder("pnas.ranking")
                .description("Time to learn from the measured cells and score the candidates of one request")
                .register(registry);
        Gauge.builder("pnas.ranking.open.requests", openRequests, OpenRequests::count)
                .description("Requests of which chunks are still to come")
                .register(registry);
    }

    private static Counter outcomes(MeterRegistry registry, String outcome) {
        return Counter.builder("pnas.ranking.requests")
                .description("Requests that were answered")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** One record at a time: a request is answered before the next record is looked at. */
    @Incoming("candidates")
    @Blocking("ranking")
    CompletionStage<Void> read(Message<byte[]> message) {
        RankingRequest part;
        try {
            part = Messages.decode(message.getPayload(), RankingRequest.class);
        } catch (PnasException e) {
            LOG.warnf("A record goes to the dead letters: %s", e.getMessage());
            return message.nack(e);
        }
        MDC.put(EXPERIMENT, part.experimentId());
        try {
            return acknowledge(answerWhatIsComplete(part, message));
        } finally {
            MDC.remove(EXPERIMENT);
        }
    }

    /** Takes the record in and gives those that are done with. */
    private List<Message<byte[]>> answerWhatIsComplete(RankingRequest part, Message<byte[]> message) {
        IncomingKafkaRecordMetadata<?, ?> place =
                message.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        Step<Message<byte[]>> step =
                openRequests.accept(new Received<>(part, place.getPartition(), place.getOffset(), message));
        switch (step) {
            case Step.Waiting<Message<byte[]>> waiting -> {}
            case Step.Complete<Message<byte[]>> complete -> send(answer(complete.task()));
            case Step.Refused<Message<byte[]>> refused -> send(failure(refused.header(), refused.failure()));
        }
        return step.done();
    }

    private RankingAnswer answer(RankingTask task) {
        try {
            RankingAnswer.Ranked answer = ranker.rank(task);
            ranked.increment();
            candidates.increment(answer.candidates());
            time.record(Duration.ofNanos((long) (answer.seconds() * 1e9)));
            LOG.infof(
                    "Ranked %d candidates of stage %d with %s in %.1f s",
                    answer.candidates(), task.header().stage(), task.header().predictor(), answer.seconds());
            return answer;
        } catch (PnasException e) {
            return failure(task.header(), e);
        }
    }

    private RankingAnswer failure(RankingRequest.Header header, PnasException e) {
        failed.increment();
        // What the sender got wrong is said by the message; where in the code it was noticed helps nobody.
        Throwable trace = e.code().kind() == FailureKind.USER_ERROR ? null : e;
        LOG.warnf(trace, "The ranking of stage %d failed: %s", header.stage(), e.getMessage());
        return new RankingAnswer.Failed(
                RankingAnswer.SCHEMA_VERSION,
                header.requestId(),
                header.experimentId(),
                e.code(),
                String.valueOf(e.getMessage()));
    }

    /** Returns when the broker has the answer; tries until then, since without a broker there is nothing else to do. */
    private void send(RankingAnswer answer) {
        OutgoingKafkaRecordMetadata<String> key = OutgoingKafkaRecordMetadata.<String>builder()
                .withKey(answer.experimentId())
                .build();
        answers.sendMessage(Message.of(Messages.encode(answer)).addMetadata(key))
                .onFailure()
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .await()
                .indefinitely();
    }

    private static CompletionStage<Void> acknowledge(List<Message<byte[]>> messages) {
        return CompletableFuture.allOf(messages.stream()
                .map(message -> message.ack().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new));
    }
}
