package pnas.orchestrator.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.Set;
import pnas.orchestrator.state.StateTable.Transition;

/** Walks through a table and remembers every transition that it took. */
public final class Walk<S extends Enum<S> & State, E extends Enum<E>, A extends Enum<A>> {
    private final StateTable<S, E, A> table;
    private final Set<Transition<S, E, A>> visited = new LinkedHashSet<>();

    public Walk(StateTable<S, E, A> table) {
        this.table = table;
    }

    /** Where the events lead, one after the other. */
    @SafeVarargs
    public final S from(S start, E... events) {
        S state = start;
        for (E event : events) {
            Transition<S, E, A> transition = table.find(state, event).orElseThrow();
            visited.add(transition);
            state = transition.to();
        }
        return state;
    }

    /** Fails where the table has a transition that no walk took. */
    public void assertThatAllWereVisited() {
        assertThat(visited).containsExactlyInAnyOrderElementsOf(table.transitions());
    }
}
