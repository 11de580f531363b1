package pnas.predictor.ranking;

import static java.util.Objects.requireNonNull;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;
import pnas.message.Topics;

/**
 * Ready while the broker lets this service read requests and write answers; says why where it does not. The reader itself tries again for ever and tells
 * nobody but the log.
 */
@Readiness
@Singleton
final class BrokerHealth implements HealthCheck {
    private static final long SECONDS = 2;
    private static final String GROUP = "pnas.predictor";
    private static final Map<String, AclOperation> NEEDED =
            Map.of(Topics.CANDIDATES, AclOperation.READ, Topics.RANKINGS, AclOperation.WRITE);

    private final Admin admin;

    BrokerHealth(@Identifier("default-kafka-broker") Map<String, Object> connection) {
        admin = Admin.create(connection.entrySet().stream()
                .filter(setting -> AdminClientConfig.configNames().contains(setting.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ofSeconds(SECONDS));
    }

    @Override
    public HealthCheckResponse call() {
        String obstacle = obstacle();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("work with the broker").status(obstacle == null);
        if (obstacle != null) {
            response.withData("cause", obstacle);
        }
        return response.build();
    }

    private @Nullable String obstacle() {
        try {
            Map<String, TopicDescription> described = admin.describeTopics(
                            NEEDED.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .allTopicNames()
                    .get(SECONDS, TimeUnit.SECONDS);
            for (Map.Entry<String, AclOperation> needed : NEEDED.entrySet()) {
                if (!requireNonNull(described.get(needed.getKey()))
                        .authorizedOperations()
                        .contains(needed.getValue())) {
                    return "the broker does not grant " + needed.getValue() + " on the topic " + needed.getKey();
                }
            }
            // Who may not read through a group is not told of it either.
            admin.describeConsumerGroups(List.of(GROUP)).all().get(SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause() instanceof GroupIdNotFoundException
                    ? null
                    : "the broker does not let this service work: " + e.getCause();
        } catch (TimeoutException e) {
            return "the broker does not answer";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "asking the broker was interrupted";
        }
    }
}
