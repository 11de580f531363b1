package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How long a pod that must end may take. */
final class Grace {
    private static final String SETTING = "PNAS_TRAINER_GRACE";
    /** After its grace a trainer tells of outcomes for 5 s and of its leaving for 2 s; as much again for a slow node. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(14);
    /** Requests that run have 10 s, then connections are closed. */
    private static final Duration SERVICE = Duration.ofSeconds(20);

    private Grace() {}

    static Stream<String> breaches(Rendering rendering) {
        return rendering.workloads().stream()
                .filter(workload -> !workload.kind().equals("Pod"))
                .flatMap(workload -> workload.containers().stream()
                        .map(container -> needed(workload, container, rendering))
                        .filter(needed -> granted(workload).compareTo(needed) < 0)
                        .map(needed -> workload.title() + ": terminationGracePeriodSeconds must be at least "
                                + needed.toSeconds() + ", got "
                                + granted(workload).toSeconds()));
    }

    private static Duration granted(Workload workload) {
        return Duration.ofSeconds(
                workload.pod().path("terminationGracePeriodSeconds").asInt(30));
    }

    private static Duration needed(Workload workload, JsonNode container, Rendering rendering) {
        if (!container.path("image").asText().contains("/trainer-")) {
            return SERVICE;
        }
        return workload.environment(container, rendering).stream()
                .filter(variable -> variable.name().equals(SETTING))
                .findFirst()
                .map(Workload.Variable::value)
                .map(Grace::duration)
                .orElseGet(Grace::usual)
                .plus(AFTERWARDS);
    }

    private static Duration usual() {
        Matcher line = Pattern.compile("`" + SETTING + "` \\|[^|]*\\|[^|]*\\| `(\\w+)`")
                .matcher(Project.configuration());
        if (!line.find()) {
            throw new AssertionError("the page of settings has no default of " + SETTING);
        }
        return duration(line.group(1));
    }

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
