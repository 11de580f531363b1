package pnas.orchestrator.broker;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Makes the one Kafka admin client, which reaches the broker as all others do: by the settings {@code kafka.*}. */
final class AdminProducer {
    private AdminProducer() {}

    @Produces
    @ApplicationScoped
    static Admin admin(@Identifier("default-kafka-broker") Map<String, Object> connection) {
        Set<String> known = AdminClientConfig.configNames();
        return Admin.create(connection.entrySet().stream()
                .filter(setting -> known.contains(setting.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    static void close(@Disposes Admin admin) {
        admin.close(Duration.ofSeconds(2));
    }
}
