package pnas.cli.screen;

import java.util.ArrayList;
import java.util.List;
import pnas.cell.Block;
import pnas.cell.Branch;
import pnas.cell.Cell;

/**
 * A cell drawn with characters: a line for each branch, joined to blocks, joined to the output.
 *
 * <pre>
 * c-2 ── sep5x5 ──┐
 * c-2 ── max3x3 ──┴── b1 ──┐
 * b1  ── sep3x3 ──┐        │
 * c-1 ── identity ┴── b2 ──┴── output
 * </pre>
 */
final class CellDrawing {
    private CellDrawing() {}

    public static List<String> of(Cell cell) {
        int width = cell.blocks().stream()
                .flatMap(block -> List.of(block.left(), block.right()).stream())
                .mapToInt(branch -> branch.operation().text().length())
                .max()
                .orElseThrow();
        List<String> lines = new ArrayList<>();
        int blocks = cell.blocks().size();
        for (int number = 1; number <= blocks; number++) {
            Block block = cell.blocks().get(number - 1);
            lines.add(branch(block.left(), width) + "┐" + (number == 1 ? "" : "        │"));
            lines.add(branch(block.right(), width) + "┴── b" + number + joint(number, blocks));
        }
        return List.copyOf(lines);
    }

    private static String branch(Branch branch, int width) {
        String operation = branch.operation().text();
        return "%-3s ── %s %s".formatted(branch.input().text(), operation, "─".repeat(width - operation.length() + 2));
    }

    /** How a block meets the line that gathers all blocks. */
    private static String joint(int number, int blocks) {
        if (blocks == 1) {
            return " ── output";
        }
        if (number == 1) {
            return " ──┐";
        }
        return number < blocks ? " ──┤" : " ──┴── output";
    }
}
