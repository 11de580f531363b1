package pnas.trainer.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DrawsTest {
    /** The reference program of SplitMix64 (Vigna, splitmix64.c) prints these for the seed 1234567. */
    @Test
    void draws_the_numbers_of_split_mix_64() {
        Draws draws = new Draws(1_234_567);
        assertThat(Long.toUnsignedString(draws.nextLong())).isEqualTo("6457827717110365317");
        assertThat(Long.toUnsignedString(draws.nextLong())).isEqualTo("3203168211198807973");
        assertThat(Long.toUnsignedString(draws.nextLong())).isEqualTo("9817491932198370423");
    }

    @Test
    void seeds_itself_with_the_first_bytes_of_the_hash_of_a_text() {
        // SHA-256 of "abc" starts with ba7816bf 8f01cfea.
        assertThat(Draws.seededBy("abc").nextLong()).isEqualTo(new Draws(0xba7816bf8f01cfeaL).nextLong());
    }

    @Test
    void draws_normal_numbers_with_mean_0_and_deviation_1() {
        Draws draws = new Draws(1);
        double[] numbers =
                DoubleStream.generate(draws::nextNormal).limit(100_000).toArray();
        double mean = DoubleStream.of(numbers).average().orElseThrow();
        double variance = DoubleStream.of(numbers)
                .map(number -> number * number)
                .average()
                .orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.01));
        assertThat(variance).isCloseTo(1, within(0.02));
    }

    @Test
    void shuffles_every_value_to_every_place_alike() {
        Draws draws = new Draws(2);
        int[][] counts = new int[4][4];
        for (int round = 0; round < 40_000; round++) {
            int[] values = IntStream.range(0, 4).toArray();
            draws.shuffle(values);
            for (int place = 0; place < 4; place++) {
                counts[place][values[place]]++;
            }
        }
        for (int[] places : counts) {
            for (int count : places) {
                assertThat(count).isBetween(9_700, 10_300);
            }
        }
    }
}
