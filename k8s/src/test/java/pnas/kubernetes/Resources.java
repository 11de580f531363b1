package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.custom.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;

/** What containers ask for and what they may take. */
final class Resources {
    private static final BigDecimal MEBIBYTE = BigDecimal.valueOf(1 << 20);
    /** What a trainer itself takes beside the process that trains. */
    private static final BigDecimal TRAINER = MEBIBYTE.multiply(BigDecimal.valueOf(400));

    private Resources() {}

    static Stream<String> breaches(Rendering rendering) {
        return rendering.workloads().stream()
                .flatMap(workload -> Stream.of(
                                workload.containers().stream()
                                        .flatMap(container -> Stream.concat(
                                                amounts(container.path("resources")),
                                                memoryOfTrainings(workload, container, rendering))),
                                elements(workload.pod().path("volumes"))
                                        .filter(volume -> volume.has("emptyDir"))
                                        .filter(volume -> !volume.at("/emptyDir/sizeLimit")
                                                .isTextual())
                                        .map(volume -> "the volume "
                                                + volume.path("name").asText() + " has no sizeLimit"))
                        .flatMap(breaches -> breaches)
                        .map(breach -> workload.title() + ": " + breach));
    }

    private static Stream<String> amounts(JsonNode resources) {
        JsonNode requests = resources.path("requests");
        JsonNode limits = resources.path("limits");
        Stream<String> absent = List.of("cpu", "memory").stream()
                .flatMap(resource -> Stream.of("requests", "limits")
                        .filter(kind -> !resources.path(kind).has(resource))
                        .map(kind -> "no " + resource + " in " + kind));
        Stream<String> storage = requests.has("ephemeral-storage")
                ? Stream.empty()
                : Stream.of("no ephemeral-storage in requests: a node that runs full would evict it first");
        Stream<String> tooLarge = requests.properties().stream()
                .filter(request -> limits.has(request.getKey()))
                .filter(request -> amount(request.getValue()).compareTo(amount(limits.path(request.getKey()))) > 0)
                .map(request ->
                        request.getKey() + ": requests " + request.getValue().asText() + ", limit "
                                + limits.path(request.getKey()).asText());
        // Devices can be neither shared nor overcommitted.
        Stream<String> devices = Stream.of(requests, limits)
                .flatMap(amounts -> amounts.properties().stream())
                .filter(amount -> amount.getKey().contains("/"))
                .filter(amount -> !requests.path(amount.getKey()).equals(limits.path(amount.getKey())))
                .map(amount -> amount.getKey() + " must be the same in requests and limits");
        return Stream.of(absent, storage, tooLarge, devices).flatMap(breaches -> breaches);
    }

    /** A training that grows too large must meet its own limit before the container's. */
    private static Stream<String> memoryOfTrainings(Workload workload, JsonNode container, Rendering rendering) {
        return workload.environment(container, rendering).stream()
                .filter(variable -> variable.name().equals("PNAS_TRAINER_MEMORY_LIMIT"))
                .filter(variable ->
                        bytes(variable.value()).add(TRAINER).compareTo(amount(container.at("/resources/limits/memory")))
                                > 0)
                .map(variable -> variable.name() + " is " + variable.value() + ", which leaves less than 400 MiB of "
                        + container.at("/resources/limits/memory").asText() + " for the trainer itself");
    }

    private static BigDecimal amount(JsonNode quantity) {
        return Quantity.fromString(quantity.asText()).getNumber();
    }

    /** Sizes of settings are powers of 1,024. */
    private static BigDecimal bytes(String size) {
        return Quantity.fromString(size + "i").getNumber();
    }
}
