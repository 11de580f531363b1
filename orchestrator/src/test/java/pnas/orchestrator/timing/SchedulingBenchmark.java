package pnas.orchestrator.timing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Idle slots at the end of a stage by the order of its trainings, over many seeds; docs/benchmarks.md has the figures. */
class SchedulingBenchmark {
    private static final int SEEDS = Integer.getInteger("seeds", 200);

    @Test
    void longest_first_beside_first_in_first_out() {
        List<SimulatedStage> stages =
                LongStream.range(0, SEEDS).mapToObj(SimulatedStage::of).toList();
        double[] longest = shares(stages, SimulatedStage::idleShareLongestFirst);
        report("longest predicted first", longest);
        report("first in, first out", shares(stages, SimulatedStage::idleShareFirstInFirstOut));
        assertThat(Arrays.stream(longest).average().orElseThrow()).isLessThanOrEqualTo(0.05);
    }

    private static double[] shares(List<SimulatedStage> stages, ToDoubleFunction<SimulatedStage> share) {
        return stages.stream().mapToDouble(share).sorted().toArray();
    }

    private static void report(String order, double[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%-24s idle: mean %.1f %%, median %.1f %%, 95th percentile %.1f %%, most %.1f %%, least %.1f %%, %d seeds%n",
                order,
                100 * Arrays.stream(sorted).average().orElseThrow(),
                100 * sorted[sorted.length / 2],
                100 * sorted[sorted.length * 95 / 100],
                100 * sorted[sorted.length - 1],
                100 * sorted[0],
                sorted.length);
    }
}
