package pnas.trainer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.dataset.DataFolder;
import pnas.dataset.Images;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;
import pnas.network.ImageShape;

class DataSetsTest {
    private static final String HASH = DataSet.digits(0).contentHash();
    private static final DataFolder FOLDER = new DataFolder(Path.of("no-such-folder"));
    private final Images digits = FOLDER.read("digits", DataSet.digits(0).image());

    @Test
    void ships_the_digits_whose_hash_experiments_name() {
        assertThat(digits.size()).isEqualTo(1797);
        assertThat(digits.contents().contentHash()).isEqualTo(HASH);
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
        TrainingData data = new DataSets(FOLDER).load(DataSet.digits(0));
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
        TrainingData data = new DataSets(FOLDER).load(DataSet.digits(0));
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
        assertThatThrownBy(() -> new DataSets(FOLDER).load(other))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_MISMATCH))
                .hasMessageContaining(HASH)
                .hasMessageContaining("0".repeat(64));
    }

    @Test
    void refuses_a_data_set_it_does_not_have() {
        DataSet other = new DataSet("letters", HASH, DataSet.digits(0).image(), 10, 1200, 297, 300, 0);
        assertThatThrownBy(() -> new DataSets(FOLDER).load(other)).hasMessageContaining("'letters'");
    }

    @Test
    void takes_a_subset_in_which_every_class_has_its_share() {
        Split few = Split.of(digits, subset(100, 50));
        assertThat(few.training()).hasSize(100);
        assertThat(few.training()).doesNotContain(few.validation()).doesNotContain(few.test());
        assertThat(few.validation()).hasSize(50);
        assertThat(split(0).validation()).contains(few.validation());
        assertThat(few.test()).isEqualTo(split(0).test());
        for (int label = 0; label < 10; label++) {
            assertThat(count(few.training(), label)).isCloseTo(10, within(1));
            assertThat(count(few.validation(), label)).isCloseTo(5, within(1));
        }
    }

    @Test
    void never_trains_on_the_test_part_that_the_source_sets_apart(@TempDir Path folder) throws IOException {
        Path cifar = Files.createDirectory(folder.resolve("cifar10"));
        Files.write(cifar.resolve("data_batch_1.bin"), batch(40, 1));
        Files.write(cifar.resolve("data_batch_4.bin"), batch(20, 2));
        Files.write(cifar.resolve("test_batch.bin"), batch(30, 3));
        Images images = new DataFolder(folder).read("cifar10", new ImageShape(32, 32, 3));

        Split split = Split.of(images, images.contents().dataSet("cifar10", 40, 20, 7));

        assertThat(split.test()).isEqualTo(IntStream.range(60, 90).toArray());
        assertThat(IntStream.of(concat(split.training(), split.validation()))
                        .sorted()
                        .toArray())
                .isEqualTo(IntStream.range(0, 60).toArray());
        assertThat(new DataSets(new DataFolder(folder))
                        .load(images.contents().dataSet("cifar10", 30, 10, 7))
                        .training()
                        .size())
                .isEqualTo(30);
    }

    /** Records in the binary layout of CIFAR-10. */
    private static byte[] batch(int records, long seed) {
        byte[] batch = new byte[records * 3073];
        new Random(seed).nextBytes(batch);
        for (int record = 0; record < records; record++) {
            batch[record * 3073] = (byte) (record % 10);
        }
        return batch;
    }

    @Test
    void reads_a_data_set_once_for_many_jobs() {
        DataSets dataSets = new DataSets(FOLDER);
        assertThat(dataSets.load(DataSet.digits(0))).isSameAs(dataSets.load(DataSet.digits(0)));
        assertThat(dataSets.load(DataSet.digits(1))).isNotSameAs(dataSets.load(DataSet.digits(0)));
    }

    @Test
    void refuses_more_images_than_there_are() {
        assertThatThrownBy(() -> new DataSets(FOLDER).load(subset(1200, 298)))
                .hasMessageContaining("1497 images to train and validate on");
    }

    private static DataSet subset(int training, int validation) {
        return new DataSet("digits", HASH, DataSet.digits(0).image(), 10, training, validation, 300, 0);
    }

    private Split split(long seed) {
        return Split.of(digits, DataSet.digits(seed));
    }

    private int count(int[] part, int label) {
        return (int)
                IntStream.of(part).filter(image -> digits.label(image) == label).count();
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }
}
