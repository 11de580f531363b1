package pnas.orchestrator.peer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.message.ControlCommand;
import pnas.message.Messages;
import pnas.message.PredictorCommand;
import pnas.message.Topics;
import pnas.message.TrainerCommand;
import pnas.message.TrainerEvent;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.testing.TestKafka;

/** A trainer that does what a test tells it, over the real broker. One thread at a time may use it. */
public final class Trainer implements AutoCloseable {
    public static final Machine MACHINE = new Machine("replay", "1", "test");

    private static final Duration POLL = Duration.ofMillis(200);

    /** What all trainers and predictors send through: each connection costs both ends thousands of hashes. */
    private static final KafkaProducer<byte[], byte[]> PRODUCER = new KafkaProducer<>(
            TestKafka.client(Map.of("acks", "all", "linger.ms", 0)),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    private static final Commands COMMANDS = new Commands();

    /** By engine, for all trainers: a member of the group has its partitions only half a second after it joined. */
    private static final Map<String, KafkaShareConsumer<byte[], byte[]>> QUEUES = new ConcurrentHashMap<>();

    private final String id;
    private final Machine machine;
    private final long begun;
    private @Nullable Thread training;
    private volatile boolean ending;

    public Trainer(String id) {
        this(id, MACHINE);
    }

    public Trainer(String id, Machine machine) {
        this.id = id;
        this.machine = machine;
        begun = COMMANDS.end();
    }

    private static KafkaShareConsumer<byte[], byte[]> queue(String engine) {
        KafkaShareConsumer<byte[], byte[]> queue = new KafkaShareConsumer<>(
                TestKafka.client(Map.of(
                        "group.id",
                        Topics.trainersOf(engine),
                        "share.acknowledgement.mode",
                        "explicit",
                        "share.acquire.mode",
                        "record_limit",
                        "max.poll.records",
                        1,
                        // Nobody asks it for jobs between two tests that do.
                        "max.poll.interval.ms",
                        Integer.MAX_VALUE)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        queue.subscribe(List.of(Topics.jobs(engine)));
        return queue;
    }

    /** The next job of one of these experiments, taken off the queue; jobs of other experiments are left to nobody. */
    public TrainingJob take(String... experimentIds) {
        return takeWhile(() -> {}, experimentIds);
    }

    /** The same by a trainer that says meanwhile that it lives, as jobs may come later than its lease ends. */
    public TrainingJob takeAlive(String... experimentIds) {
        return takeWhile(() -> announce(1), experimentIds);
    }

    /** The same by a trainer that goes on with trainings that it has, as jobs may come later than their leases end. */
    public TrainingJob takeBeside(Collection<AttemptRef> held, String... experimentIds) {
        return takeWhile(() -> beat(held), experimentIds);
    }

    public void beat(Collection<AttemptRef> held) {
        held.forEach(attempt -> beat(attempt, 0));
    }

    /** Takes a job that waits, whichever it is, and forgets it. */
    public void drop() {
        poll();
    }

    private TrainingJob takeWhile(Runnable before, String... experimentIds) {
        Instant end = Instant.now().plus(Duration.ofSeconds(30));
        while (Instant.now().isBefore(end)) {
            before.run();
            TrainingJob job = poll();
            if (job != null && List.of(experimentIds).contains(job.experimentId())) {
                return job;
            }
        }
        throw new AssertionError("no job of " + List.of(experimentIds) + " came within 30 s");
    }

    private @Nullable TrainingJob poll() {
        TrainingJob job = null;
        KafkaShareConsumer<byte[], byte[]> queue = QUEUES.computeIfAbsent(machine.engine(), Trainer::queue);
        for (ConsumerRecord<byte[], byte[]> record : queue.poll(POLL)) {
            job = Messages.decode(record.value(), TrainingJob.class);
            queue.acknowledge(record, AcknowledgeType.ACCEPT);
        }
        queue.commitSync();
        return job;
    }

    public AttemptRef claim(TrainingJob job) {
        AttemptRef attempt = new AttemptRef(job.trialId(), job.attempt(), id, UUID.randomUUID());
        tell(new TrainingProgress.Claimed(1, attempt));
        return attempt;
    }

    public void beat(AttemptRef attempt, long step) {
        tell(new TrainingProgress.Heartbeat(1, attempt, step, 0));
    }

    public void end(AttemptRef attempt, Outcome outcome) {
        tell(new TrainingProgress.Ended(1, attempt, outcome, 0.25));
    }

    public static Outcome trained(double accuracy) {
        return new Outcome.Trained(accuracy, MACHINE, true);
    }

    public void tell(TrainingProgress progress) {
        send(Topics.PROGRESS, progress.attempt().trialId(), Messages.encode(progress));
    }

    public void announce(int slots) {
        announce(slots, null);
    }

    /** @param obstacle why it cannot train; null where it can */
    public void announce(int slots, @Nullable String obstacle) {
        send(
                Topics.WORKERS,
                id,
                Messages.encode(new TrainerEvent.Announced(1, id, machine, slots, "localhost", obstacle)));
    }

    public void leave() {
        send(Topics.WORKERS, id, Messages.encode(new TrainerEvent.Leaving(1, id)));
    }

    /** Sends any bytes and waits for the broker. */
    public void send(String topic, String key, byte @Nullable [] value) {
        send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
    }

    static void send(ProducerRecord<byte[], byte[]> record) {
        try {
            PRODUCER.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Every stop that was sent to anybody since this trainer began. */
    public List<TrainerCommand.Stop> stops() {
        return commands(TrainerCommand.Stop.class);
    }

    /** Every ranking that was withdrawn since this trainer began. */
    public List<PredictorCommand.Withdrawn> withdrawals() {
        return commands(PredictorCommand.Withdrawn.class);
    }

    private <T extends ControlCommand> List<T> commands(Class<T> type) {
        return COMMANDS.since(begun).filter(type::isInstance).map(type::cast).toList();
    }

    /** From now on trains every job of an experiment at once, until it is closed; one without an accuracy (NaN) fails for good. */
    public void trainAll(String experimentId, ToDoubleFunction<Cell> accuracy) {
        training = Thread.ofPlatform().name(id).start(() -> {
            while (!ending) {
                TrainingJob job = poll();
                if (job != null && job.experimentId().equals(experimentId)) {
                    train(job, accuracy.applyAsDouble(job.cell()));
                }
            }
        });
    }

    private void train(TrainingJob job, double accuracy) {
        AttemptRef attempt = claim(job);
        if (Double.isNaN(accuracy)) {
            end(attempt, new Outcome.Failed(ErrorCode.NOT_IN_TABLE, "the table lacks the cell"));
        } else {
            tell(new TrainingProgress.EpochFinished(1, attempt, 1, 0.5, accuracy, 0.1));
            end(attempt, trained(accuracy));
        }
    }

    /** Ends the training that it does by itself. */
    @Override
    public void close() {
        ending = true;
        if (training != null) {
            try {
                training.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the platform has told all trainers and predictors, read by one consumer for all. */
    private static final class Commands {
        private static final TopicPartition PARTITION = new TopicPartition(Topics.CONTROL, 0);

        private final KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                TestKafka.client(Map.of("auto.offset.reset", "earliest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        private final NavigableMap<Long, ControlCommand> byOffset = new TreeMap<>();

        Commands() {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
        }

        synchronized long end() {
            return Objects.requireNonNull(
                    consumer.endOffsets(List.of(PARTITION)).get(PARTITION));
        }

        synchronized Stream<ControlCommand> since(long offset) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                byOffset.put(record.offset(), Messages.decode(record.value(), ControlCommand.class));
            }
            return List.copyOf(byOffset.tailMap(offset).values()).stream();
        }
    }
}
