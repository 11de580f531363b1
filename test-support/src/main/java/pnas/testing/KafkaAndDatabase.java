package pnas.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;
import pnas.local.DatabaseRoles;

/**
 * The test resource of an application that needs a broker and a database: gives {@code kafka.bootstrap.servers} and the settings of the
 * default data source. Each start of the application gets an empty database of its own; the broker and its topics are shared.
 */
public final class KafkaAndDatabase implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        TestDatabase database = TestDatabase.create();
        Map<String, String> configuration = new HashMap<>(KafkaOnly.configuration());
        configuration.put("quarkus.datasource.jdbc.url", database.jdbcUrl());
        DatabaseRoles roles = database.roles();
        configuration.put("quarkus.datasource.username", roles.service().username());
        configuration.put("quarkus.datasource.password", roles.service().password());
        configuration.put("quarkus.flyway.username", roles.owner().username());
        configuration.put("quarkus.flyway.password", roles.owner().password());
        return configuration;
    }

    /** Broker and server live on for the next test class and end with the JVM. */
    @Override
    public void stop() {}
}
