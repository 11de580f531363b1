package pnas.orchestrator.life;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import pnas.cell.Cell;
import pnas.orchestrator.specification.Confirm;

/** Which cells a search trains again under other seeds before it calls one of them its winner. */
final class Confirmation {
    private static final Comparator<Measured> BEST_FIRST = Comparator.comparing(
                    Measured::accuracy, Comparator.nullsFirst(Comparator.<Double>naturalOrder()))
            .reversed()
            .thenComparing(measured -> measured.cell().text());

    private Confirmation() {}

    /**
     * The repeats of a stage: of its best cells, the best first, then of the best of all stages where that is none of them.
     *
     * @param measured every cell of the experiment that was trained or diverged so far
     * @param rank position of the first of them in the stage
     */
    static List<NewTrial> repeats(Confirm confirm, int stage, Collection<Measured> measured, int rank) {
        SequencedSet<Cell> cells = new LinkedHashSet<>(best(Measured.in(measured, stage), confirm.cells()));
        cells.addAll(best(measured, 1));
        List<NewTrial> repeats = new ArrayList<>();
        for (Cell cell : cells) {
            for (int repeat = 1; repeat <= confirm.seeds(); repeat++) {
                repeats.add(new NewTrial(cell, rank + repeats.size(), null, repeat));
            }
        }
        return List.copyOf(repeats);
    }

    private static List<Cell> best(Collection<Measured> measured, int most) {
        return measured.stream()
                .filter(cell -> cell.accuracy() != null)
                .sorted(BEST_FIRST)
                .limit(most)
                .map(Measured::cell)
                .toList();
    }
}
