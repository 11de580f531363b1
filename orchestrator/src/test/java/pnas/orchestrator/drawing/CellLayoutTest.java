package pnas.orchestrator.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.orchestrator.drawing.CellLayout.Frame;
import pnas.orchestrator.drawing.CellLayout.Node;
import pnas.orchestrator.drawing.CellLayout.Point;
import pnas.orchestrator.drawing.CellLayout.Rectangle;
import pnas.orchestrator.drawing.CellLayout.Wire;

final class CellLayoutTest {
    private static final List<Cell> CELLS = List.of(
            Cell.parse("identity(c-1)+sep3x3(c-2)"),
            Cell.parse("sep3x3(c-1)+sep3x3(c-1)"),
            Cell.parse("sep3x3(c-1)+conv1x7_7x1(c-2) | dil3x3(b1)+avg3x3(b1) | identity(b2)+max3x3(c-1)"),
            Cell.parse("sep5x5(c-2)+max3x3(c-2) | sep7x7(c-1)+max3x3(c-1) | sep5x5(c-1)+sep3x3(c-1)"
                    + " | sep3x3(b3)+max3x3(c-1) | sep3x3(c-2)+identity(c-1)"),
            Cell.parse("sep3x3(c-1)+conv1x7_7x1(c-2) | dil3x3(b1)+avg3x3(b1) | identity(b2)+max3x3(b1)"
                    + " | sep5x5(b3)+sep5x5(b3) | identity(b4)+identity(b4)"));

    @Test
    void has_both_inputs_two_operations_and_a_sum_for_each_block_and_the_concatenation() {
        for (Cell cell : CELLS) {
            CellLayout layout = CellLayout.of(cell);
            int blocks = cell.blocks().size();

            assertThat(layout.frames())
                    .extracting(Frame::block)
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, blocks).boxed().toList());
            assertThat(layout.nodes()).hasSize(2 + 3 * blocks + 1);
            assertThat(layout.nodes())
                    .filteredOn(Node.Applied.class::isInstance)
                    .extracting(node -> ((Node.Applied) node).operation())
                    .containsExactlyElementsOf(cell.blocks().stream()
                            .flatMap(block -> List.of(
                                    block.left().operation(), block.right().operation())
                                    .stream())
                            .toList());
            // Two into each block's operations, two into its sum, one from its sum to the concatenation.
            assertThat(layout.wires()).hasSize(5 * blocks);
        }
    }

    @Test
    void keeps_all_nodes_apart_and_inside_the_drawing() {
        for (Cell cell : CELLS) {
            CellLayout layout = CellLayout.of(cell);
            List<Rectangle> places = layout.nodes().stream().map(Node::place).toList();
            for (int i = 0; i < places.size(); i++) {
                Rectangle place = places.get(i);
                assertThat(isInside(place, new Rectangle(0, 0, layout.width(), layout.height())))
                        .isTrue();
                for (Rectangle other : places.subList(i + 1, places.size())) {
                    assertThat(overlap(place, other))
                            .as("%s and %s of %s", place, other, cell)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void keeps_the_operations_and_the_sum_of_a_block_inside_its_frame() {
        for (Cell cell : CELLS) {
            CellLayout layout = CellLayout.of(cell);
            for (Frame frame : layout.frames()) {
                int first = 2 + 3 * (frame.block() - 1);
                assertThat(layout.nodes().subList(first, first + 3))
                        .allMatch(node -> isInside(node.place(), frame.place()));
            }
        }
    }

    @Test
    void leads_every_wire_from_the_lower_edge_of_a_node_down_to_the_upper_edge_of_another() {
        for (Cell cell : CELLS) {
            CellLayout layout = CellLayout.of(cell);
            for (Wire wire : layout.wires()) {
                Point start = wire.points().getFirst();
                Point end = wire.points().getLast();
                assertThat(layout.nodes())
                        .anyMatch(node -> touches(
                                node.place(),
                                start,
                                node.place().y() + node.place().height()))
                        .anyMatch(
                                node -> touches(node.place(), end, node.place().y()));
                assertThat(start.y()).isLessThan(end.y());
            }
        }
    }

    private static boolean touches(Rectangle place, Point point, double y) {
        return Math.abs(point.y() - y) < 0.01 && point.x() >= place.x() && point.x() <= place.x() + place.width();
    }

    private static boolean isInside(Rectangle inner, Rectangle outer) {
        return inner.x() >= outer.x()
                && inner.y() >= outer.y()
                && inner.x() + inner.width() <= outer.x() + outer.width()
                && inner.y() + inner.height() <= outer.y() + outer.height();
    }

    private static boolean overlap(Rectangle one, Rectangle other) {
        return one.x() < other.x() + other.width()
                && other.x() < one.x() + one.width()
                && one.y() < other.y() + other.height()
                && other.y() < one.y() + one.height();
    }
}
