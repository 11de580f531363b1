package pnas.kubernetes;

import static pnas.kubernetes.Workload.elements;

import com.fasterxml.jackson.databind.JsonNode;

/** How Kubernetes chooses by labels. */
final class Selector {
    private Selector() {}

    /** Whether a selector with {@code matchLabels} and {@code matchExpressions} chooses something with these labels. */
    static boolean matches(JsonNode selector, JsonNode labels) {
        return haveAll(selector.path("matchLabels"), labels)
                && elements(selector.path("matchExpressions")).allMatch(expression -> keeps(expression, labels));
    }

    /** Whether the labels contain all of the wanted ones. */
    static boolean haveAll(JsonNode wanted, JsonNode labels) {
        return wanted.properties().stream()
                .allMatch(label -> labels.path(label.getKey()).equals(label.getValue()));
    }

    private static boolean keeps(JsonNode expression, JsonNode labels) {
        JsonNode label = labels.path(expression.path("key").asText());
        boolean isIn = elements(expression.path("values")).anyMatch(label::equals);
        String operator = expression.path("operator").asText();
        return switch (operator) {
            case "In" -> isIn;
            case "NotIn" -> !isIn;
            case "Exists" -> !label.isMissingNode();
            case "DoesNotExist" -> label.isMissingNode();
            default -> throw new AssertionError("no such operator: " + operator);
        };
    }
}
