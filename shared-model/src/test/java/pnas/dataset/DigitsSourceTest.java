package pnas.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import pnas.message.DataSet;

class DigitsSourceTest {
    @Test
    void ships_the_digits_whose_hash_experiments_name() {
        DataSet digits = DataSet.digits(3);
        Contents found = new DataFolder(Path.of("no-such-folder")).describe("digits", digits.image());
        assertThat(found.images()).isEqualTo(1797);
        assertThat(found.dataSet("digits", 1200, found.validation(), 3)).isEqualTo(digits);
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

    private static void parse(String csv) throws IOException {
        DigitsSource.parse(
                "a.csv", new ByteArrayInputStream(csv.getBytes(StandardCharsets.US_ASCII)), ImageSink.counting());
    }
}
