package pnas.orchestrator.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialState;

class ConfirmedCellTest {
    private static final Cell LUCKY = Cell.parse("identity(c-1)+identity(c-1)");
    private static final Cell STEADY = Cell.parse("identity(c-2)+identity(c-1)");

    /** The first accuracy is that of the first training. */
    private static List<TrialSummary> trials(Cell cell, @Nullable Double... accuracies) {
        List<TrialSummary> trials = new ArrayList<>();
        for (Double accuracy : accuracies) {
            trials.add(trial(cell, trials.size(), accuracy));
        }
        return trials;
    }

    private static TrialSummary trial(Cell cell, int repeat, @Nullable Double accuracy) {
        return new TrialSummary(
                "aaaaaaaa-" + cell.id().hex() + (repeat == 0 ? "" : "-1-" + repeat),
                cell.id().hex(),
                cell,
                1,
                repeat,
                1 + repeat,
                null,
                accuracy == null ? TrialState.FAILED : TrialState.TRAINED,
                accuracy == null ? TrialKind.FAILED : TrialKind.TRAINED,
                null,
                1,
                accuracy,
                1,
                1,
                null,
                null,
                false,
                null,
                false,
                Instant.EPOCH,
                null,
                null);
    }

    private static List<TrialSummary> both(List<TrialSummary> some, List<TrialSummary> others) {
        List<TrialSummary> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    @Test
    void the_winner_is_best_under_other_seeds_whatever_it_was_chosen_for() {
        List<ConfirmedCell> confirmed =
                ConfirmedCell.of(both(trials(LUCKY, 0.99, 0.7, 0.8), trials(STEADY, 0.9, 0.86, 0.9)));
        assertThat(confirmed).extracting(each -> each.first().cell()).containsExactly(STEADY, LUCKY);
        ConfirmedCell winner = confirmed.getFirst();
        assertThat(winner.first().accuracy()).isEqualTo(0.9);
        assertThat(winner.mean()).isCloseTo(0.88, within(1e-12));
        assertThat(winner.deviation()).isCloseTo(Math.sqrt(0.0008), within(1e-12));
        assertThat(winner.seeds()).isEqualTo(2);
    }

    @Test
    void a_cell_with_a_repeat_that_has_no_accuracy_is_not_confirmed() {
        assertThat(ConfirmedCell.of(both(trials(LUCKY, 0.99, 0.95, null), trials(STEADY, 0.5, 0.5, 0.5))))
                .extracting(each -> each.first().cell())
                .containsExactly(STEADY);
    }

    @Test
    void one_seed_has_no_spread_and_a_cell_without_repeats_is_not_confirmed() {
        assertThat(ConfirmedCell.of(both(trials(LUCKY, 0.99), trials(STEADY, 0.5, 0.6))))
                .singleElement()
                .satisfies(only -> {
                    assertThat(only.mean()).isEqualTo(0.6);
                    assertThat(only.deviation()).isNull();
                });
    }

    @Test
    void ties_go_to_the_least_canonical_text() {
        assertThat(ConfirmedCell.of(both(trials(STEADY, 0.5, 0.6), trials(LUCKY, 0.5, 0.6))))
                .extracting(each -> each.first().cell())
                .isSortedAccordingTo((one, other) -> one.text().compareTo(other.text()));
    }
}
