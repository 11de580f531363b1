package pnas.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** The test resource of an application that needs a broker: gives {@code kafka.bootstrap.servers}. */
public final class KafkaOnly implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return configuration();
    }

    /** The broker lives on for the next test class and ends with the JVM. */
    @Override
    public void stop() {}

    static Map<String, String> configuration() {
        return Map.of("kafka.bootstrap.servers", TestKafka.bootstrapServers(), "quarkus.devservices.enabled", "false");
    }
}
