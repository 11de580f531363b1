package pnas.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/** The test resource of an application that needs a broker: gives {@code kafka.bootstrap.servers} and what else a client needs. */
public final class KafkaOnly implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        return configuration();
    }

    /** The broker lives on for the next test class and ends with the JVM. */
    @Override
    public void stop() {}

    static Map<String, String> configuration() {
        Map<String, String> configuration = new HashMap<>();
        TestKafka.client(Map.of()).forEach((name, value) -> configuration.put("kafka." + name, String.valueOf(value)));
        configuration.put("quarkus.devservices.enabled", "false");
        return configuration;
    }
}
