package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static pnas.dataset.CifarFiles.RECORD;
import static pnas.dataset.CifarFiles.archive;
import static pnas.dataset.CifarFiles.batch;
import static pnas.dataset.CifarFiles.gzip;
import static pnas.dataset.CifarFiles.labels;
import static pnas.dataset.CifarFiles.pack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.network.ImageShape;

class CifarSourceTest {
    private static final ImageShape IMAGE = new ImageShape(32, 32, 3);

    @TempDir
    private Path data = Path.of("");

    private final SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    private DataFolder folder = new DataFolder(data);

    @BeforeEach
    void makeFiles() {
        folder = new DataFolder(data);
        files.put("data_batch_1.bin", batch(30, 1));
        files.put("data_batch_2.bin", batch(20, 2));
        files.put("test_batch.bin", batch(10, 3));
        files.put("batches.meta.txt", labels());
    }

    @Test
    void reads_an_archive() throws IOException {
        pack(data, files);

        Images images = read();

        Contents contents = images.contents();
        assertThat(contents.image()).isEqualTo(IMAGE);
        assertThat(contents.classes()).isEqualTo(10);
        assertThat(contents.images()).isEqualTo(60);
        assertThat(contents.test()).isEqualTo(10);
        assertThat(contents.testApart()).isTrue();
        assertThat(contents.trainable()).isEqualTo(50);
        assertThat(contents.validation()).isEqualTo(5);
        byte[] second = Arrays.copyOfRange(batch(20, 2), 7 * RECORD, 8 * RECORD);
        assertThat(images.label(37)).isEqualTo(7);
        for (int channel = 0; channel < 3; channel++) {
            for (int place = 0; place < 1024; place++) {
                assertThat(images.pixel(37, place * 3 + channel)).isEqualTo(second[1 + channel * 1024 + place] & 0xFF);
            }
        }
    }

    @Test
    void a_folder_and_an_archive_in_any_order_are_the_same_data() throws IOException {
        pack(data, files);
        Contents packed = folder.describe("cifar10", IMAGE);
        pack(data, files.reversed());
        assertThat(folder.describe("cifar10", IMAGE)).isEqualTo(packed);

        Files.delete(data.resolve("cifar10"));
        Path unpacked = Files.createDirectories(data.resolve("cifar10/cifar-10-batches-bin"));
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(unpacked.resolve(file.getKey()), file.getValue());
        }
        assertThat(folder.describe("cifar10", IMAGE)).isEqualTo(packed);
        assertThat(read().contents()).isEqualTo(packed);
    }

    @Test
    void other_pixels_have_another_hash() throws IOException {
        pack(data, files);
        String before = read().contents().contentHash();
        byte[] other = batch(30, 1);
        other[5] ^= 1;
        files.put("data_batch_1.bin", other);
        pack(data, files);
        assertThat(read().contents().contentHash()).isNotEqualTo(before);
    }

    @Test
    void takes_the_official_name_of_the_archive_too() throws IOException {
        Files.write(data.resolve("cifar-10-binary.tar.gz"), archive(files));
        assertThat(read().size()).isEqualTo(60);
    }

    @Test
    void needs_neither_labels_nor_the_first_batch() throws IOException {
        files.remove("data_batch_1.bin");
        files.remove("batches.meta.txt");
        pack(data, files);
        assertThat(read().contents().trainable()).isEqualTo(20);
    }

    @Test
    void refuses_what_is_no_archive() throws IOException {
        Files.write(data.resolve("cifar10"), "PK\3\4".getBytes(StandardCharsets.ISO_8859_1));
        refuses("cifar10: is no gzip archive: expected it to begin with 1f8b, got 504b");
        Files.write(data.resolve("cifar10"), gzip(new byte[100]));
        refuses("cifar10");
        Files.write(data.resolve("cifar10"), gzip("no tar at all ".repeat(100).getBytes(StandardCharsets.US_ASCII)));
        refuses("cifar10");
    }

    @Test
    void refuses_an_archive_that_was_cut_wherever_that_was() throws IOException {
        byte[] whole = archive(files);
        for (int size = whole.length / 10; size < whole.length; size += whole.length / 10) {
            Files.write(data.resolve("cifar10"), Arrays.copyOf(whole, size));
            refuses("cifar10: is cut off or damaged");
        }
        Files.write(data.resolve("cifar10"), Arrays.copyOf(whole, whole.length * 3 / 10));
        refuses("in data_batch_1.bin record ");
        Files.write(data.resolve("cifar10"), Arrays.copyOf(whole, whole.length - 2));
        refuses("cifar10: is cut off or damaged between two files (it ends too early)");
    }

    @Test
    void refuses_an_archive_with_a_wrong_checksum() throws IOException {
        byte[] whole = archive(files);
        whole[whole.length - 6] ^= 1;
        Files.write(data.resolve("cifar10"), whole);
        refuses("cifar10: is cut off or damaged");
    }

    @Test
    void names_file_and_record_of_what_is_wrong() throws IOException {
        byte[] good = batch(20, 2);

        files.put("data_batch_2.bin", Arrays.copyOf(good, 19 * RECORD + 100));
        packAndRefuse("cifar10/data_batch_2.bin record 20: the file is too short: expected 3073 bytes, got 100");
        files.put("data_batch_2.bin", new byte[0]);
        packAndRefuse("cifar10/data_batch_2.bin record 1: the file is too short: expected 3073 bytes, got 0");

        byte[] wrongLabel = good.clone();
        wrongLabel[12 * RECORD] = 10;
        files.put("data_batch_2.bin", wrongLabel);
        packAndRefuse("cifar10/data_batch_2.bin record 13: label must be 0 to 9, got 10");
        files.put("data_batch_2.bin", good);

        files.put("batches.meta.txt", "apple\naquarium_fish\nbaby\n".getBytes(StandardCharsets.US_ASCII));
        packAndRefuse("cifar10/batches.meta.txt: these are the labels of another data set");
        files.remove("batches.meta.txt");

        files.put("test_batch.bin", batch(9, 3));
        packAndRefuse("cifar10/test_batch.bin: no image has class 9 (truck)");
        files.remove("test_batch.bin");
        packAndRefuse("found only data_batch_1.bin, data_batch_2.bin");
        files.put("test_batch.bin", batch(10, 3));

        files.remove("data_batch_1.bin");
        files.put("data_batch_2.bin", batch(3, 2));
        packAndRefuse("cifar10/the training batches: no image has class 3 (cat)");
        files.put("data_batch_2.bin", new byte[10_001 * RECORD]);
        packAndRefuse("cifar10/data_batch_2.bin: has more than 30730000 bytes");
    }

    @Test
    void refuses_another_version_of_the_data() throws IOException {
        files.clear();
        files.put("data_batch_1", batch(10, 1));
        packAndRefuse("found none of them");
    }

    @Test
    void a_name_that_leads_out_of_the_archive_is_no_file_of_it() throws IOException {
        files.clear();
        files.put("../../data_batch_1.bin", batch(10, 1));
        files.put("../test_batch.bin", batch(10, 1));
        packAndRefuse("found none of them");
    }

    @Test
    void refuses_an_archive_of_very_many_entries() throws IOException {
        for (int i = 0; i < 65; i++) {
            files.put("note" + i, new byte[0]);
        }
        packAndRefuse("cifar10: has more than 64 entries");
    }

    @Test
    void refuses_an_archive_that_unpacks_to_very_much() throws IOException {
        byte[] zeros = new byte[30 << 20];
        for (int i = 0; i < 9; i++) {
            files.putFirst("zeros" + i, zeros);
        }
        pack(data, files);
        assertThatThrownBy(() -> folder.describe("cifar10", IMAGE))
                .hasMessage("cifar10: unpacks to more than 268435456 bytes");
    }

    /** The whole data set and a part of it, where they lie. */
    @Test
    void reads_the_published_images() throws IOException {
        String tests = System.getenv("PNAS_TEST_DATA");
        assumeTrue(tests != null, "PNAS_TEST_DATA names no folder with cifar-10-subset.tar.gz");
        Files.createSymbolicLink(data.resolve("cifar10"), Path.of(tests, "cifar-10-subset.tar.gz"));

        Contents contents = folder.describe("cifar10", IMAGE);

        assertThat(contents.trainable()).isEqualTo(10_000);
        assertThat(contents.test()).isEqualTo(2_000);
        assertThat(contents.validation()).isEqualTo(1_000);
    }

    private Images read() {
        return folder.read("cifar10", IMAGE);
    }

    private void packAndRefuse(String message) throws IOException {
        pack(data, files);
        refuses(message);
    }

    /** Both ways to use a data set say the same. */
    private void refuses(String message) {
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                .hasMessageContaining(message);
        assertThatThrownBy(() -> folder.describe("cifar10", IMAGE)).hasMessageContaining(message);
    }
}
