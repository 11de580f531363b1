package pnas.orchestrator.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A state machine: what may happen in which state, what follows, and what is done about it. What the table does not list is not allowed.
 *
 * @param <S> states
 * @param <E> events
 * @param <A> actions
 */
public final class StateTable<S extends Enum<S> & State, E extends Enum<E>, A extends Enum<A>> {
    private final List<Transition<S, E, A>> transitions;
    private final Map<Cause<S, E>, Transition<S, E, A>> byCause = new HashMap<>();

    /** One row: in state {@code from}, {@code event} leads to state {@code to} and {@code action} is done. */
    public record Transition<S, E, A>(S from, E event, S to, A action) {}

    private record Cause<S, E>(S from, E event) {}

    private StateTable(List<Transition<S, E, A>> transitions) {
        this.transitions = List.copyOf(transitions);
        for (Transition<S, E, A> transition : transitions) {
            if (byCause.putIfAbsent(new Cause<>(transition.from(), transition.event()), transition) != null) {
                throw new IllegalArgumentException(
                        transition.from() + " has two transitions for " + transition.event());
            }
        }
    }

    /** Starts a table. */
    public static <S extends Enum<S> & State, E extends Enum<E>, A extends Enum<A>> Builder<S, E, A> builder() {
        return new Builder<>();
    }

    /** The row for an event in a state, empty where it is not allowed there. */
    public Optional<Transition<S, E, A>> find(S from, E event) {
        return Optional.ofNullable(byCause.get(new Cause<>(from, event)));
    }

    /** All rows, in the order of the table. */
    public List<Transition<S, E, A>> transitions() {
        return transitions;
    }

    /** A page about the machine: its diagram, its states and its rows. */
    public String markdown(String title, Class<S> states, S initial, Function<E, String> eventMeaning) {
        StringBuilder page = new StringBuilder();
        page.append("# States of ").append(title).append("\n\n");
        page.append("Made from the table in the code by a test, which fails while this page says something else.\n\n");
        page.append("```mermaid\nstateDiagram-v2\n    [*] --> ").append(initial).append('\n');
        // One arrow for all events that lead the same way, so that the picture can be read.
        transitions.stream()
                .collect(Collectors.groupingBy(
                        row -> row.from() + " --> " + row.to(),
                        LinkedHashMap::new,
                        Collectors.mapping(row -> words(row.event()), Collectors.joining(", "))))
                .forEach((arrow, events) -> page.append("    ")
                        .append(arrow)
                        .append(": ")
                        .append(events)
                        .append('\n'));
        for (S state : states.getEnumConstants()) {
            if (state.isTerminal()) {
                page.append("    ").append(state).append(" --> [*]\n");
            }
        }
        page.append("```\n\n| state | meaning | terminal |\n|---|---|---|\n");
        for (S state : states.getEnumConstants()) {
            page.append("| ").append(state).append(" | ").append(state.meaning());
            page.append(" | ").append(state.isTerminal() ? "yes" : "").append(" |\n");
        }
        page.append("\n| in state | event | next state | what is done |\n|---|---|---|---|\n");
        for (Transition<S, E, A> row : transitions) {
            page.append("| ").append(row.from()).append(" | ").append(words(row.event()));
            page.append(" | ")
                    .append(row.to())
                    .append(" | ")
                    .append(words(row.action()))
                    .append(" |\n");
        }
        page.append("\n| event | meaning |\n|---|---|\n");
        transitions.stream()
                .map(Transition::event)
                .distinct()
                .sorted()
                .forEach(event -> page.append("| ")
                        .append(words(event))
                        .append(" | ")
                        .append(eventMeaning.apply(event))
                        .append(" |\n"));
        return page.toString();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Collects the rows of a table. */
    public static final class Builder<S extends Enum<S> & State, E extends Enum<E>, A extends Enum<A>> {
        private final List<Transition<S, E, A>> transitions = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a row.
         *
         * @throws IllegalArgumentException where it leaves a terminal state
         */
        public Builder<S, E, A> on(S from, E event, S to, A action) {
            if (from.isTerminal()) {
                throw new IllegalArgumentException(from + " is terminal, but " + event + " leaves it");
            }
            transitions.add(new Transition<>(from, event, to, action));
            return this;
        }

        /**
         * Adds a row by which what was over goes on.
         *
         * @throws IllegalArgumentException where it leaves a state that is not terminal
         */
        public Builder<S, E, A> reopen(S from, E event, S to, A action) {
            if (!from.isTerminal()) {
                throw new IllegalArgumentException(from + " is not terminal: " + event + " reopens nothing");
            }
            transitions.add(new Transition<>(from, event, to, action));
            return this;
        }

        /**
         * The table.
         *
         * @throws IllegalArgumentException where a state has two rows for one event
         */
        public StateTable<S, E, A> build() {
            return new StateTable<>(transitions);
        }
    }
}
