package pnas.trainer.engine.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cell.Cell;

class OracleTest {
    private static final Cell CELL = Cell.parse("identity(c-2)+sep3x3(c-1)");

    /** From the formula's original in Python, given the same draws. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            0; identity(c-2)+sep3x3(c-1); 0.813098373455457; -0.14316629957134347
            0; max3x3(c-1)+max3x3(c-1); 0.7226038989648138; -0.7920802977234914
            0; identity(c-1)+sep3x3(c-2) | max3x3(c-1)+sep7x7(c-1) | max3x3(c-2)+sep5x5(c-2) | sep3x3(c-1)+sep5x5(c-1) | max3x3(c-1)+sep3x3(b4); 0.8957423605488883; 1.131302611726991
            0; sep5x5(c-2)+sep5x5(c-2) | avg3x3(b1)+conv1x7_7x1(c-2) | dil3x3(b2)+sep7x7(b1); 0.8532927766650991; NaN
            7; identity(c-2)+sep3x3(c-1); 0.8220198307700203; -0.42418854655362936
            7; max3x3(c-1)+max3x3(c-1); 0.7163021550682575; -0.7882453308982575
            7; sep5x5(c-2)+sep5x5(c-2) | avg3x3(b1)+conv1x7_7x1(c-2) | dil3x3(b2)+sep7x7(b1); 0.825788485497712; NaN
            """)
    void follows_the_documented_formula(long seed, String cell, double accuracy, double noise) {
        Oracle oracle = new Oracle(seed);
        assertThat(oracle.accuracy(Cell.parse(cell))).isCloseTo(accuracy, within(1e-12));
        // The noise belongs to the canonical cell; the text of some rows is another ordering.
        if (!Double.isNaN(noise)) {
            assertThat(oracle.measure(Cell.parse(cell), 0.004)).isCloseTo(accuracy + 0.004 * noise, within(1e-12));
        }
    }

    @Test
    void measures_a_cell_alike_whenever_it_is_measured() {
        Oracle oracle = new Oracle(3);
        double first = oracle.measure(CELL, 0.004);
        oracle.measure(Cell.parse("max3x3(c-1)+max3x3(c-1)"), 0.004);
        assertThat(oracle.measure(CELL, 0.004)).isEqualTo(first);
        assertThat(new Oracle(3).measure(CELL, 0.004)).isEqualTo(first);
    }

    @Test
    void values_a_cell_alike_in_every_ordering() {
        Oracle oracle = new Oracle(5);
        Cell other = Cell.parse("sep5x5(c-2)+sep3x3(c-1) | max3x3(c-1)+identity(c-2) | dil3x3(b2)+sep7x7(b1)");
        assertThat(oracle.accuracy(other)).isCloseTo(oracle.accuracy(other.canonical()), within(1e-12));
    }

    @Test
    void spreads_measurements_by_sigma() {
        double[] offsets = LongStream.range(0, 2000)
                .mapToObj(Oracle::new)
                .mapToDouble(oracle -> oracle.measure(CELL, 0.01) - oracle.accuracy(CELL))
                .toArray();
        double squares = IntStream.range(0, offsets.length)
                .mapToDouble(i -> offsets[i] * offsets[i])
                .average()
                .orElseThrow();
        assertThat(Math.sqrt(squares)).isCloseTo(0.01, within(0.001));
        assertThat(new Oracle(1).measure(CELL, 0)).isEqualTo(new Oracle(1).accuracy(CELL));
    }

    @Test
    void keeps_every_measurement_between_0_and_1() {
        assertThat(LongStream.range(0, 200).mapToDouble(seed -> new Oracle(seed).measure(CELL, 1)))
                .allMatch(accuracy -> accuracy >= 0 && accuracy <= 1);
    }
}
