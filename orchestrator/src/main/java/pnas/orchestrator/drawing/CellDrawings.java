package pnas.orchestrator.drawing;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import pnas.cell.Cell;

/**
 * Draws cells. A cell is drawn in its canonical form, so that all orderings of it look alike. Layouts are kept, the least recently used one is
 * dropped first; safe for use by many threads.
 */
@ApplicationScoped
public class CellDrawings {
    private static final int KEPT = 500;

    private final Map<Cell, CellLayout> layouts = new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Cell, CellLayout> eldest) {
            return size() > KEPT;
        }
    };

    /** The cell as an SVG document, or as an element of a page for {@link Theme#PAGE}. */
    public String svg(Cell cell, Theme theme) {
        Cell canonical = cell.canonical();
        return CellSvg.write(canonical, layout(canonical), theme);
    }

    /** One at a time: ELK takes some milliseconds, a second for the first drawing of all, and shares its registry of algorithms. */
    private synchronized CellLayout layout(Cell canonical) {
        return layouts.computeIfAbsent(canonical, CellLayout::of);
    }
}
