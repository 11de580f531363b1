package pnas.orchestrator.broker;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Makes the one Kafka admin client. */
final class AdminProducer {
    private AdminProducer() {}

    @Produces
    @ApplicationScoped
    static Admin admin(@ConfigProperty(name = "kafka.bootstrap.servers") String servers) {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
    }

    static void close(@Disposes Admin admin) {
        admin.close(Duration.ofSeconds(2));
    }
}
