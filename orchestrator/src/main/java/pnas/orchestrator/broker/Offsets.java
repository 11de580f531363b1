package pnas.orchestrator.broker;

import static java.util.Objects.requireNonNull;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import pnas.message.TopicPrefix;
import pnas.message.Topics;
import pnas.orchestrator.life.JobQueue;

/** How far the readers of a topic are; a topic is named without the prefix of this installation, a group as in Kafka. */
@ApplicationScoped
public class Offsets {
    private static final long SECONDS = 10;

    private final Admin admin;
    private final TopicPrefix prefix;

    Offsets(Admin admin, BrokerConfig config) {
        this.admin = admin;
        this.prefix = TopicPrefix.of(config.prefix());
    }

    /** The end of each partition of a topic. */
    public Map<TopicPartition, Long> ends(String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        return offsets(prefix.before(topic), OffsetSpec.latest());
    }

    /** Whether a group has committed every record before these ends. */
    public boolean committed(String group, Map<TopicPartition, Long> ends)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, @Nullable OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(SECONDS, TimeUnit.SECONDS);
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }

    /** The jobs of an engine that wait in its share group or are held by a trainer that has not accepted them yet. */
    public JobQueue jobs(String engine) throws InterruptedException, ExecutionException, TimeoutException {
        TopicPartition jobs = new TopicPartition(prefix.before(Topics.jobs(engine)), 0);
        SharePartitionOffsetInfo read =
                shareOffsets(prefix.before(Topics.trainersOf(engine))).get(jobs);
        // Where the group stands is asked first: what is sent meanwhile is more that may wait, not less.
        long earliest =
                requireNonNull(offsets(jobs.topic(), OffsetSpec.earliest()).get(jobs));
        long end = requireNonNull(offsets(jobs.topic(), OffsetSpec.latest()).get(jobs));
        if (read == null) {
            // A group that never read the topic will begin at its earliest record.
            return new JobQueue(earliest, end);
        }
        // The beginning of a group moves with the next record that is accepted, so that the last one always seems to
        // wait: only the count of those that nobody is done with tells that it does not.
        boolean nothingWaits = read.lag().isPresent() && read.lag().get() == 0;
        return new JobQueue(nothingWaits ? end : Math.max(read.startOffset(), earliest), end);
    }

    private Map<TopicPartition, @Nullable SharePartitionOffsetInfo> shareOffsets(String group)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(group)
                    .get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    private Map<TopicPartition, Long> offsets(String topic, OffsetSpec which)
            throws InterruptedException, ExecutionException, TimeoutException {
        int partitions = requireNonNull(
                        admin.describeTopics(List.of(topic)).topicNameValues().get(topic))
                .get(SECONDS, TimeUnit.SECONDS)
                .partitions()
                .size();
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .collect(Collectors.toMap(Function.identity(), partition -> which));
        return admin.listOffsets(asked).all().get(SECONDS, TimeUnit.SECONDS).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
}
