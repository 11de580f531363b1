package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Variables of the environment are settings that exist; a typing error would be read by nobody. */
final class Variables {
    /** Settings of Quarkus that the overlays use. */
    private static final Set<String> QUARKUS = Set.of(
            "QUARKUS_HTTP_HOST",
            "QUARKUS_HTTP_PORT",
            "QUARKUS_MANAGEMENT_PORT",
            "QUARKUS_DATASOURCE_JDBC_URL",
            "QUARKUS_DATASOURCE_USERNAME",
            "QUARKUS_DATASOURCE_PASSWORD",
            "QUARKUS_FLYWAY_CONNECT_RETRIES",
            "QUARKUS_FLYWAY_CONNECT_RETRIES_INTERVAL");

    /** What makes the trainers follow the free GPUs. */
    private static final Set<String> CAPACITY = Set.of(
            "PNAS_CAPACITY_MODE",
            "PNAS_CAPACITY_JOB_TEMPLATE",
            "PNAS_CAPACITY_RESOURCE",
            "PNAS_CAPACITY_MAXIMUM",
            "PNAS_CAPACITY_SURGE",
            "PNAS_CAPACITY_SLOTS_PER_RESOURCE");

    /** Of the images of others. */
    private static final Set<String> FOREIGN =
            Set.of("KAFKA_HEAP_OPTS", "LOG_DIR", "POSTGRES_DB", "POSTGRES_USER", "POSTGRES_PASSWORD");

    private Variables() {}

    static Stream<String> breaches(Rendering rendering) {
        return rendering.workloads().stream()
                .flatMap(workload -> workload.containers().stream()
                        .flatMap(container -> {
                            List<Workload.Variable> all = workload.environment(container, rendering);
                            return all.stream()
                                    .map(variable -> breach(container, variable, all))
                                    .filter(breach -> !breach.isEmpty());
                        })
                        .map(breach -> workload.title() + ": " + breach));
    }

    private static String breach(JsonNode container, Workload.Variable variable, List<Workload.Variable> all) {
        String name = variable.name();
        if (!Workload.isOurs(container)) {
            return FOREIGN.contains(name) ? "" : name + " is no setting of its image";
        }
        if (name.startsWith("PNAS_")) {
            // One for each engine stands there with NAME in the place of the engine's.
            String documented = name.replaceFirst("^(PNAS_CAPACITY_LOCAL)_[A-Z0-9]+$", "$1_NAME");
            return CAPACITY.contains(name) || Project.configuration().contains("`" + documented + "`")
                    ? ""
                    : name + " does not stand in docs/generated/configuration.md";
        }
        if (all.stream().anyMatch(other -> other.value().contains("$(" + name + ")"))) {
            return ""; // Only there to be put into another one.
        }
        if (!QUARKUS.contains(name) && !isSettingOfKafka(name)) {
            return name + " is no setting of Quarkus or of Kafka's clients";
        }
        return Project.guides().contains(name) ? "" : name + " is not explained in docs/how-to";
    }

    private static boolean isSettingOfKafka(String name) {
        return name.startsWith("KAFKA_")
                && AdminClientConfig.configNames()
                        .contains(name.substring("KAFKA_".length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'));
    }
}
