package pnas.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;

class DataSetsTest {
    private static final String HASH = DataSet.digits(0).contentHash();
    private final Images digits = DigitsReader.read();

    @Test
    void ships_the_digits_whose_hash_experiments_name() {
        assertThat(digits.size()).isEqualTo(1797);
        assertThat(digits.contentHash()).isEqualTo(HASH);
    }

    @Test
    void splits_every_image_into_exactly_one_part() {
        Split split = split(0);
        assertThat(split.training()).hasSize(1200);
        assertThat(split.validation()).hasSize(297);
        assertThat(split.test()).hasSize(300);
        assertThat(IntStream.of(concat(split.training(), split.validation(), split.test()))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, 1797).toArray());
    }

    @Test
    void gives_every_class_its_share_of_each_part() {
        Split split = split(3);
        for (int label = 0; label < 10; label++) {
            int all = count(IntStream.range(0, 1797).toArray(), label);
            assertThat((double) count(split.training(), label)).isCloseTo(all * 1200 / 1797.0, within(2.0));
            assertThat((double) count(split.validation(), label)).isCloseTo(all * 297 / 1797.0, within(1.0));
            assertThat((double) count(split.test(), label)).isCloseTo(all * 300 / 1797.0, within(1.0));
        }
    }

    @Test
    void keeps_the_test_part_whatever_the_split_seed() {
        assertThat(split(1).test()).isEqualTo(split(0).test());
        assertThat(split(1).validation()).isNotEqualTo(split(0).validation());
    }

    @Test
    void splits_alike_for_the_same_seed() {
        assertThat(split(5).validation()).isEqualTo(split(5).validation());
        // Computed by another program: results of another split are no results of this data set.
        assertThat(Arrays.hashCode(split(0).test())).isEqualTo(-33_277_980);
        assertThat(Arrays.hashCode(split(0).validation())).isEqualTo(268_003_083);
    }

    @Test
    void standardises_pixels_with_the_training_part() {
        TrainingData data = new DataSets().load(DataSet.digits(0));
        float[] pixels = new float[64];
        int[] labels = new int[1];
        double sum = 0;
        double squares = 0;
        for (int member = 0; member < data.training().size(); member++) {
            data.training().copy(member, 0, pixels, labels);
            for (float pixel : pixels) {
                sum += pixel;
                squares += (double) pixel * pixel;
            }
        }
        assertThat(sum / (1200 * 64)).isCloseTo(0, within(1e-6));
        assertThat(squares / (1200 * 64)).isCloseTo(1, within(1e-6));
    }

    @Test
    void copies_an_image_and_its_class_to_its_place() {
        TrainingData data = new DataSets().load(DataSet.digits(0));
        int image = split(0).validation()[7];
        float[] pixels = new float[3 * 64];
        int[] labels = new int[3];
        data.validation().copy(7, 2, pixels, labels);
        assertThat(labels[2]).isEqualTo(digits.label(image));
        // Standardising keeps the order of brightness.
        for (int position = 1; position < 64; position++) {
            assertThat(Float.compare(pixels[128 + position], pixels[127 + position]))
                    .isEqualTo(Integer.compare(digits.pixel(image, position), digits.pixel(image, position - 1)));
        }
    }

    @Test
    void refuses_data_of_another_hash() {
        DataSet other = new DataSet("digits", "0".repeat(64), DataSet.digits(0).image(), 10, 1200, 297, 300, 0);
        assertThatThrownBy(() -> new DataSets().load(other))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_MISMATCH))
                .hasMessageContaining(HASH)
                .hasMessageContaining("0".repeat(64));
    }

    @Test
    void refuses_a_data_set_it_does_not_have() {
        DataSet other = new DataSet("letters", HASH, DataSet.digits(0).image(), 10, 1200, 297, 300, 0);
        assertThatThrownBy(() -> new DataSets().load(other)).hasMessageContaining("'letters'");
    }

    @Test
    void names_file_and_record_of_what_it_cannot_read() {
        String good = "0,".repeat(64) + "9\n";
        assertThatThrownBy(() -> parse(good + "0,".repeat(63) + "9\n"))
                .hasMessage("a.csv record 2: expected 65 values, got 64");
        assertThatThrownBy(() -> parse("17," + "0,".repeat(63) + "9\n"))
                .hasMessage("a.csv record 1: pixel 1 must be 0 to 16, got '17'");
        assertThatThrownBy(() -> parse("0,".repeat(64) + "x\n"))
                .hasMessage("a.csv record 1: class must be 0 to 9, got 'x'");
        assertThatThrownBy(() -> parse(good.repeat(8100))).hasMessage("a.csv: has more than 1048576 bytes");
    }

    private static Images parse(String csv) throws IOException {
        return DigitsReader.parse("a.csv", new ByteArrayInputStream(csv.getBytes(StandardCharsets.US_ASCII)));
    }

    private Split split(long seed) {
        return Split.stratified(digits, HASH, seed, 297, 300);
    }

    private int count(int[] part, int label) {
        return (int)
                IntStream.of(part).filter(image -> digits.label(image) == label).count();
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
