package pnas.orchestrator.capacity;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a node must be like for a pod to be placed there: as one of some terms says. No terms are met by no node.
 *
 * @param terms alternatives
 */
record Affinity(List<Term> terms) {
    Affinity {
        terms = List.copyOf(terms);
    }

    boolean isMetBy(Cluster.Node node) {
        return terms.stream().anyMatch(term -> term.isMetBy(node));
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(" or "));
    }

    /** Requirements that hold together. None are met by no node. */
    record Term(List<Requirement> requirements) {
        Term {
            requirements = List.copyOf(requirements);
        }

        boolean isMetBy(Cluster.Node node) {
            return !requirements.isEmpty() && requirements.stream().allMatch(each -> each.isMetBy(node));
        }

        @Override
        public String toString() {
            return requirements.stream().map(Requirement::toString).collect(Collectors.joining(" and "));
        }
    }

    /** How a value is compared. */
    enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist"),
        GREATER("Gt"),
        LESS("Lt");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        /** As Kubernetes writes it. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * What a label or the name of a node must be.
     *
     * @param label absent where it is about the name
     * @param values that it is compared with; a whole number for the last two operators
     */
    record Requirement(@Nullable String label, Operator operator, List<String> values) {
        Requirement {
            values = List.copyOf(values);
        }

        boolean isMetBy(Cluster.Node node) {
            @Nullable String actual = label == null ? node.name() : node.labels().get(label);
            return switch (operator) {
                case IN -> actual != null && values.contains(actual);
                case NOT_IN -> actual == null || !values.contains(actual);
                case EXISTS -> actual != null;
                case DOES_NOT_EXIST -> actual == null;
                case GREATER -> compare(actual) > 0;
                case LESS -> compare(actual) < 0;
            };
        }

        /** Zero where one of both is no whole number, so that neither operator is met. */
        private int compare(@Nullable String actual) {
            OptionalLong left = number(actual);
            OptionalLong right = values.size() == 1 ? number(values.getFirst()) : OptionalLong.empty();
            return left.isPresent() && right.isPresent() ? Long.compare(left.getAsLong(), right.getAsLong()) : 0;
        }

        private static OptionalLong number(@Nullable String text) {
            try {
                return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }

        @Override
        public String toString() {
            return (label == null ? "metadata.name" : label) + " " + operator
                    + (values.isEmpty() ? "" : " " + String.join(", ", values));
        }
    }
}
