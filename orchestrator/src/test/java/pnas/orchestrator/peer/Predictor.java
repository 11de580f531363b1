package pnas.orchestrator.peer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.message.RankingAnswer.Histogram;
import pnas.message.RankingAnswer.Ranked;
import pnas.message.RankingAnswer.Scored;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest;
import pnas.message.Topics;
import pnas.testing.TestKafka;

/** A predictor that answers each complete request as a test tells it, over the real broker, on a thread of its own. */
public final class Predictor implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Function<Request, ? extends @Nullable RankingMessage> answer;
    private final Map<UUID, Request> open = new HashMap<>();
    private final Thread thread;
    private volatile boolean ending;

    /** A request with all its chunks. */
    public record Request(
            RankingRequest.Header header, List<RankingRequest.Observation> observations, List<Cell> candidates) {
        private boolean isComplete(int observationChunks, int candidateChunks) {
            return observationChunks == header.observationChunks() && candidateChunks == header.candidateChunks();
        }
    }

    /** Answers requests of one experiment; null is no answer. */
    public Predictor(String experimentId, Function<Request, ? extends @Nullable RankingMessage> answer) {
        this.answer = answer;
        consumer = new KafkaConsumer<>(
                TestKafka.client(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        // All that was ever asked, since the request may be there already; and without a group, which takes its time to
        // form.
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.CANDIDATES).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread = Thread.ofPlatform().name("predictor-" + experimentId).start(() -> run(experimentId));
    }

    /** The K best by a score, ties by the least text. */
    public static Function<Request, @Nullable RankingAnswer> rankingBy(ToDoubleFunction<Cell> score) {
        return request -> {
            List<Scored> scored = request.candidates().stream()
                    .map(cell -> new Scored(cell, score.applyAsDouble(cell)))
                    .sorted(Comparator.comparingDouble(Scored::score)
                            .reversed()
                            .thenComparing(one -> one.cell().canonical().text()))
                    .toList();
            return new Ranked(
                    1,
                    request.header().requestId(),
                    request.header().experimentId(),
                    scored.size(),
                    scored.subList(0, Math.min(request.header().keep(), scored.size())),
                    new Histogram(0, 1, List.of(scored.size())),
                    null,
                    0.5);
        };
    }

    private void run(String experimentId) {
        Map<UUID, int[]> chunks = new HashMap<>();
        while (!ending) {
            for (ConsumerRecord<byte[], byte[]> record : poll()) {
                if (!new String(record.key(), StandardCharsets.UTF_8).equals(experimentId)) {
                    continue;
                }
                RankingRequest message = Messages.decode(record.value(), RankingRequest.class);
                int[] seen = chunks.computeIfAbsent(message.requestId(), id -> new int[2]);
                switch (message) {
                    case RankingRequest.Header header -> {
                        open.put(header.requestId(), new Request(header, new ArrayList<>(), new ArrayList<>()));
                        seen[0] = 0;
                        seen[1] = 0;
                    }
                    case RankingRequest.Observations part -> {
                        request(message).observations().addAll(part.observations());
                        seen[0]++;
                    }
                    case RankingRequest.Candidates part -> {
                        for (RankingRequest.Children children : part.children()) {
                            for (Block block : children.blocks()) {
                                request(message)
                                        .candidates()
                                        .add(children.parent().plus(block));
                            }
                        }
                        seen[1]++;
                    }
                }
                Request request = request(message);
                if (request.isComplete(seen[0], seen[1])) {
                    RankingMessage said = answer.apply(request);
                    if (said != null) {
                        Trainer.send(new ProducerRecord<>(Topics.RANKINGS, record.key(), Messages.encode(said)));
                    }
                }
            }
        }
        consumer.close();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(Duration.ofSeconds(1));
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    private Request request(RankingRequest message) {
        Request request = open.get(message.requestId());
        if (request == null) {
            throw new AssertionError("a chunk came before the header of " + message.requestId());
        }
        return request;
    }

    @Override
    public void close() {
        ending = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
