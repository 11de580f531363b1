package pnas.predictor.ranking;

import io.quarkus.scheduler.Scheduled;
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
import org.apache.kafka.common.acl.AclOperation;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;
import pnas.access.BrokerRights;
import pnas.message.TopicPrefix;
import pnas.message.Topics;

/**
 * Ready while the broker lets this service read requests and write answers; says why where it does not. The reader itself tries again for ever and tells
 * nobody but the log.
 */
@Readiness
@Singleton
final class BrokerHealth implements HealthCheck {
    private static final long SECONDS = 3;

    private final Admin admin;
    private final BrokerRights needed;
    private volatile @Nullable String obstacle = "the broker has not been asked yet";

    BrokerHealth(
            @Identifier("default-kafka-broker") Map<String, Object> connection, BrokerConfiguration configuration) {
        TopicPrefix prefix = TopicPrefix.of(configuration.prefix());
        needed = new BrokerRights(
                Map.of(
                        prefix.before(Topics.CANDIDATES),
                        AclOperation.READ,
                        prefix.before(Topics.RANKINGS),
                        AclOperation.WRITE),
                List.of(prefix.before("pnas.predictor")));
        admin = Admin.create(connection.entrySet().stream()
                .filter(setting -> AdminClientConfig.configNames().contains(setting.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ofSeconds(SECONDS));
    }

    /** By the clock: however many ask whether the service is ready, the broker is asked no more often. */
    @Scheduled(
            every = "2s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void ask() {
        try {
            admin.describeCluster().clusterId().get(SECONDS, TimeUnit.SECONDS);
            obstacle = needed.missing(admin);
        } catch (ExecutionException | TimeoutException e) {
            obstacle = "the broker does not answer: " + (e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public HealthCheckResponse call() {
        String cause = obstacle;
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("work with the broker").status(cause == null);
        if (cause != null) {
            response.withData("cause", cause);
        }
        return response.build();
    }
}
