package pnas.predictor.fitting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FoldsTest {
    @Test
    void divides_everything_and_each_group_evenly() {
        int[] groups = IntStream.concat(
                        IntStream.generate(() -> 1).limit(23),
                        IntStream.generate(() -> 2).limit(9))
                .toArray();
        Folds folds = new Folds(groups, new SplittableRandom(1));
        for (int fold = 0; fold < Folds.COUNT; fold++) {
            int wanted = fold;
            assertThat(IntStream.range(0, 32).filter(i -> folds.of(i) == wanted).count())
                    .isBetween(6L, 7L);
            assertThat(IntStream.range(0, 23).filter(i -> folds.of(i) == wanted).count())
                    .isBetween(4L, 5L);
            assertThat(IntStream.range(23, 32)
                            .filter(i -> folds.of(i) == wanted)
                            .count())
                    .isBetween(1L, 2L);
        }
    }

    @Test
    void depends_on_the_seed_alone() {
        assertThat(folds(1)).isEqualTo(folds(1)).isNotEqualTo(folds(2));
    }

    private static int[] folds(long seed) {
        Folds folds = new Folds(new int[50], new SplittableRandom(seed));
        return IntStream.range(0, 50).map(folds::of).toArray();
    }
}
