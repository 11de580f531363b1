package pnas.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sameness by its definition, on texts: tries every order of blocks and every order of branches. Slow and independent of {@link CellKey}, its
 * judge. Strings compare by UTF-16 unit, which is the order of code points for the ASCII that cells are written in.
 */
public final class BruteForce {
    private BruteForce() {}

    /** The texts of all cells that are the same as this one. */
    public static SortedSet<String> orderings(Cell cell) {
        SortedSet<String> texts = new TreeSet<>();
        permute(cell, new ArrayList<>(), texts);
        return texts;
    }

    public static String canonicalText(Cell cell) {
        return orderings(cell).first();
    }

    private static void permute(Cell cell, List<Integer> order, SortedSet<String> texts) {
        int size = cell.blocks().size();
        if (order.size() == size) {
            swap(cell, order, 0, "", texts);
            return;
        }
        for (int next = 0; next < size; next++) {
            Block block = cell.blocks().get(next);
            boolean ready =
                    placed(block.left().input(), order) && placed(block.right().input(), order);
            if (ready && !order.contains(next)) {
                order.addLast(next);
                permute(cell, order, texts);
                order.removeLast();
            }
        }
    }

    private static boolean placed(Input input, List<Integer> order) {
        return !input.isBlock() || order.contains(input.blockNumber() - 1);
    }

    private static void swap(Cell cell, List<Integer> order, int position, String text, SortedSet<String> texts) {
        if (position == order.size()) {
            texts.add(text);
            return;
        }
        Block block = cell.blocks().get(order.get(position));
        String left = branchText(block.left(), order);
        String right = branchText(block.right(), order);
        String before = position == 0 ? "" : text + " | ";
        swap(cell, order, position + 1, before + left + "+" + right, texts);
        swap(cell, order, position + 1, before + right + "+" + left, texts);
    }

    private static String branchText(Branch branch, List<Integer> order) {
        Input input = branch.input();
        String name = input.isBlock() ? "b" + (order.indexOf(input.blockNumber() - 1) + 1) : input.text();
        return branch.operation().text() + "(" + name + ")";
    }
}
