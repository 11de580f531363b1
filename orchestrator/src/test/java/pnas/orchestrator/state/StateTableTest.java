package pnas.orchestrator.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateTableTest {
    private enum Lamp implements State {
        OFF("dark", false),
        ON("bright", false),
        BROKEN("gone", true);

        @SuppressWarnings("ImmutableEnumChecker") // A text and a flag.
        private final Description description;

        Lamp(String meaning, boolean terminal) {
            description = new Description(meaning, terminal);
        }

        @Override
        public Description description() {
            return description;
        }
    }

    private enum Act {
        PRESS,
        DROP,
        REPAIR
    }

    private enum Effect {
        NONE
    }

    private static StateTable.Builder<Lamp, Act, Effect> lamp() {
        return StateTable.<Lamp, Act, Effect>builder()
                .on(Lamp.OFF, Act.PRESS, Lamp.ON, Effect.NONE)
                .on(Lamp.ON, Act.PRESS, Lamp.OFF, Effect.NONE)
                .on(Lamp.ON, Act.DROP, Lamp.BROKEN, Effect.NONE);
    }

    @Test
    void allows_what_it_lists_and_nothing_else() {
        StateTable<Lamp, Act, Effect> table = lamp().build();

        assertThat(table.find(Lamp.OFF, Act.PRESS))
                .hasValueSatisfying(row -> assertThat(row.to()).isEqualTo(Lamp.ON));
        assertThat(table.find(Lamp.OFF, Act.DROP)).isEmpty();
    }

    @Test
    void refuses_two_transitions_for_one_event() {
        assertThatThrownBy(() ->
                        lamp().on(Lamp.ON, Act.PRESS, Lamp.ON, Effect.NONE).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ON has two transitions for PRESS");
    }

    @Test
    void refuses_a_transition_that_leaves_a_terminal_state() {
        assertThatThrownBy(() ->
                        lamp().on(Lamp.BROKEN, Act.PRESS, Lamp.ON, Effect.NONE).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("BROKEN is terminal, but PRESS leaves it");
    }

    @Test
    void leaves_a_terminal_state_by_a_reopening_only() {
        StateTable<Lamp, Act, Effect> table =
                lamp().reopen(Lamp.BROKEN, Act.REPAIR, Lamp.OFF, Effect.NONE).build();

        assertThat(table.find(Lamp.BROKEN, Act.REPAIR))
                .hasValueSatisfying(row -> assertThat(row.to()).isEqualTo(Lamp.OFF));
        assertThatThrownBy(() -> lamp().reopen(Lamp.ON, Act.REPAIR, Lamp.OFF, Effect.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ON is not terminal: REPAIR reopens nothing");
    }

    @Test
    void draws_itself() {
        assertThat(lamp().build().markdown("a lamp", Lamp.class, Lamp.OFF, act -> "somebody does"))
                .contains("[*] --> OFF", "ON --> BROKEN: drop", "BROKEN --> [*]", "| ON | bright |  |")
                .contains("| OFF | press | ON | none |");
    }
}
