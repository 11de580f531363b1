package pnas.access;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What a broker must let a service do. A reader that is not let in tries again for ever and tells nobody but the log, and a writer finds out at its next
 * record: so the broker is asked.
 *
 * @param topics what is done with each
 * @param groups through which the service reads
 */
public record BrokerRights(Map<String, AclOperation> topics, List<String> groups) {
    private static final long SECONDS = 3;

    public BrokerRights {
        topics = Map.copyOf(topics);
        groups = List.copyOf(groups);
    }

    /** What the broker does not let the service do, for a person; null where it lets it do all, or does not answer in time. */
    public @Nullable String missing(Admin admin) throws InterruptedException {
        try {
            Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                            topics.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues();
            for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : described.entrySet()) {
                AclOperation needed = requireNonNull(topics.get(topic.getKey()));
                if (!isGranted(needed, topic.getValue())) {
                    return "the broker does not grant " + needed + " on the topic " + topic.getKey();
                }
            }
            // Who may not read through a group is not told of it either.
            admin.describeConsumerGroups(groups).all().get(SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupIdNotFoundException
                    ? null
                    : "the broker does not let this service work: " + e.getCause();
        } catch (TimeoutException e) {
            return null;
        }
    }

    private static boolean isGranted(AclOperation needed, KafkaFuture<TopicDescription> topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return topic.get(SECONDS, TimeUnit.SECONDS).authorizedOperations().contains(needed);
        } catch (ExecutionException e) {
            // Of a topic with which it may do nothing a service is told not even that.
            if (e.getCause() instanceof TopicAuthorizationException) {
                return false;
            }
            throw e;
        }
    }
}
