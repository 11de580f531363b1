package pnas.orchestrator.life;

import java.util.List;
import java.util.stream.Stream;
import pnas.orchestrator.state.StateTable;

/** The rows of the tables of states, which only their package sees. */
public final class Transitions {
    /** A row of a table. */
    public record Row(String thing, String from, String event, String to) {
        @Override
        public String toString() {
            return thing + " " + from + " " + event + " " + to;
        }
    }

    private static final List<Row> ALL = Stream.of(
                    rows("trial", TrialTable.TABLE),
                    rows("stage", StageTable.TABLE),
                    rows("experiment", ExperimentTable.TABLE))
            .flatMap(rows -> rows)
            .toList();

    private Transitions() {}

    /** All of them. */
    public static List<Row> all() {
        return ALL;
    }

    /** The rows that lead from one state of a thing to another. */
    public static List<Row> between(String thing, Enum<?> from, Enum<?> to) {
        return ALL.stream()
                .filter(row -> row.thing().equals(thing)
                        && row.from().equals(from.name())
                        && row.to().equals(to.name()))
                .toList();
    }

    private static Stream<Row> rows(String thing, StateTable<?, ?, ?> table) {
        return table.transitions().stream()
                .map(row -> new Row(
                        thing, row.from().name(), row.event().name(), row.to().name()));
    }
}
