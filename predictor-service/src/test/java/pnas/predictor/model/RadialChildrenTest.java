package pnas.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.predictor.SampleCells;
import pnas.predictor.encoding.CellFeatures;
import pnas.predictor.encoding.CellFeatures.Group;

final class RadialChildrenTest {
    private final SplittableRandom random = new SplittableRandom(3);

    @Test
    void sums_as_each_child_on_its_own_does() {
        List<Cell> learnt = IntStream.range(0, 60)
                .mapToObj(i -> SampleCells.cell(3, random))
                .toList();
        assertEqualSums(learnt, SampleCells.cell(3, random));
    }

    @Test
    void sums_the_same_where_a_feature_so_rare_makes_distances_that_overflow() {
        Cell common = Cell.parse("sep3x3(c-1)+sep3x3(c-1)");
        List<Cell> learnt = IntStream.range(0, 4000)
                .mapToObj(i -> i == 7 ? Cell.parse("max3x3(c-1)+sep3x3(c-1)") : common)
                .toList();
        assertEqualSums(learnt, common);
    }

    private void assertEqualSums(List<Cell> learnt, Cell parent) {
        double[][] features =
                learnt.stream().map(cell -> CellFeatures.of(cell).values()).toArray(double[][]::new);
        ScaledColumns columns = ScaledColumns.of(features, EnumSet.allOf(Group.class));
        KernelTerm.Radial term = new KernelTerm.Radial(columns);
        KernelSum.Radial sum = new KernelSum.Radial(
                columns,
                term.scale(features),
                random.doubles(learnt.size(), -1, 1).toArray());
        RadialChildren children = new RadialChildren(sum, parent.blocks().size() + 1);
        CellFeatures of = CellFeatures.of(parent);
        for (Block block : SampleCells.children(parent.blocks().size()).subList(0, 40)) {
            CellFeatures child = of.plus(block);
            RadialChildren.Family family = children.family(List.of(child.valuesWithoutNewBlock(of)));
            assertThat(family.at(0, CellFeatures.kind(block))).isCloseTo(sum.at(child.values()), within(1e-10));
        }
    }
}
