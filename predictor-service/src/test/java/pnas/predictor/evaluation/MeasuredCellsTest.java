package pnas.predictor.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingRequest.Observation;

final class MeasuredCellsTest {
    @TempDir
    private Path folder;

    @Test
    void reads_a_table_of_a_published_search() throws IOException {
        assertThat(MeasuredCells.read(table(
                        "0.34,0,3x3 dconv,1,1x7-7x1 conv\n0.5,0,identity,0,3x3 dilconv,2,3x3 avgpool,1,5x5 dconv\n")))
                .containsExactly(
                        new Observation(Cell.parse("sep3x3(c-1)+conv1x7_7x1(c-2)"), 1, 0.34),
                        new Observation(Cell.parse("identity(c-1)+dil3x3(c-1) | avg3x3(b1)+sep5x5(c-2)"), 2, 0.5));
    }

    @Test
    void reads_the_trials_of_an_experiment_by_their_header() throws IOException {
        String trials = """
            stage,cell,state,accuracy,cause
            1,sep3x3(c-1)+identity(c-2),TRAINED,0.75,
            1,sep3x3(c-1)+sep3x3(c-2),DIVERGED,,"said ""no"",
            twice"
            1,sep3x3(c-1)+sep5x5(c-2),TRAINED,0.5,
            """;
        assertThat(MeasuredCells.read(table(trials.replace("\n", "\r\n"))))
                .containsExactly(
                        new Observation(Cell.parse("sep3x3(c-1)+identity(c-2)"), 1, 0.75),
                        new Observation(Cell.parse("sep3x3(c-1)+sep5x5(c-2)"), 1, 0.5));
    }

    @Test
    void keeps_every_order_of_a_cell_as_an_observation_of_its_own() throws IOException {
        assertThat(MeasuredCells.read(
                        table("0.3,0,identity,0,3x3 dconv\n0.4,0,3x3 dconv,0,identity\n0.4,0,3x3 dconv,0,identity\n")))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        NaN,0,3x3 dconv,0,identity;                  line 1, column accuracy: must be a number from 0 to 1, got 'NaN'
        0.3,0,identity,0,identity|1.5,0,identity,0,identity; line 2, column accuracy: must be a number from 0 to 1, got '1.5'
        0.3,0,identity,0,identity|x,0,identity,0,identity;   line 2, column accuracy: must be a number from 0 to 1, got 'x'
        0.3,0,identity,0;                            line 1: a row must have an accuracy and four columns for each of 1 to 5 blocks, got 4 columns
        0.3,0,identity,7,identity;                   line 1, column 4: an input must be 0 to 6, got '7'
        0.3,0,identity,2,identity;                   line 1, column cell: block 1 must read earlier blocks only, got identity(c-1)+identity(b1)
        0.3,0,9x9 conv,0,identity;                   line 1, column 3: an operation must be one of 1x7-7x1 conv, 3x3 avgpool,
        0.3,0,identity,0,identity|0.4,0,identity,0,identity; line 2, column accuracy: the cell of line 1 again, there with 0.3, here with 0.4
        cell,stage|sep3x3(c-1)+identity(c-2),1;      line 1, column accuracy: the header must name the columns cell and accuracy
        stage,accuracy|1,0.5;                        line 1, column cell: the header must name the columns cell and accuracy
        cell,accuracy|sep3x3(c-1)+identity(c-2);     line 2: must have 2 columns like the header, got 1
        cell,accuracy|sep3x3(b1)+identity(c-2),0.5;  line 2, column cell: expected an input (c-1, c-2), found 'b1' at character 8
        cell,accuracy|sep3x3(c-1)+identity(c-2),NaN; line 2, column accuracy: must be a number from 0 to 1, got 'NaN'
        cell,accuracy|sep3x3(c-1)+identity(c-2),;    has no cell with an accuracy
        '|'; has no rows
        """)
    void refuses_a_bad_table_and_says_where(String lines, String message) throws IOException {
        Path table = table(lines.replace('|', '\n'));
        assertThatThrownBy(() -> MeasuredCells.read(table))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
                .hasMessageStartingWith("table " + table + " " + message);
    }

    @Test
    void refuses_a_cell_of_six_blocks() throws IOException {
        String block = ",0,identity,0,identity";
        Path published = table("0.5" + block.repeat(6));
        assertThatThrownBy(() -> MeasuredCells.read(published))
                .hasMessageContaining(
                        "line 1: a row must have an accuracy and four columns for each of 1 to 5 blocks, got 25");
        Path named =
                table("cell,accuracy\n" + "identity(c-1)+identity(c-1)|".repeat(5) + "identity(c-1)+identity(c-1),0.5");
        assertThatThrownBy(() -> MeasuredCells.read(named)).hasMessageContaining("line 2, column cell: ");
    }

    @Test
    void refuses_a_file_that_is_not_there() {
        assertThatThrownBy(() -> MeasuredCells.read(folder.resolve("none.csv")))
                .hasMessage("table " + folder.resolve("none.csv") + ": there is no such file");
    }

    @ParameterizedTest
    @CsvSource({"UTF-8, ','", "UTF-8, ;", "UTF-16LE, ','", "UTF-16LE, ;", "UTF-16BE, '\t'"})
    void reads_what_spreadsheets_write(Charset charset, String separator) throws IOException {
        String table = "\uFEFFcell,accuracy\r\nsep3x3(c-1)+identity(c-2),0.75\r\n\"sep3x3(c-1)+sep3x3(c-2)\",0.5\r\n";
        Path file = Files.write(
                folder.resolve("table.csv"), table.replace(",", separator).getBytes(charset));
        assertThat(MeasuredCells.read(file))
                .containsExactly(
                        new Observation(Cell.parse("sep3x3(c-1)+identity(c-2)"), 1, 0.75),
                        new Observation(Cell.parse("sep3x3(c-1)+sep3x3(c-2)"), 1, 0.5));
    }

    @Test
    void a_refusal_shows_what_nobody_sees() throws IOException {
        assertRefused(table("cell\u200B,accuracy\n"), "got cell\\u200b,accuracy");
        assertRefused(table("\0c\0e\0l\0l\n"), "got \\u0000c\\u0000e");
        assertRefused(table("cell,accuracy\nsep3x3(c-1)+sep3x3(c-2),0.5\u00A0\n"), "got '0.5\\u00a0'");
        assertRefused(table("cell;accuracy\nsep3x3(c-1)+sep3x3(c-2);0,5\n"), "got '0,5'");
        Path latin = Files.write(folder.resolve("latin.csv"), new byte[] {'c', (byte) 0xE9, ',', '1'});
        assertRefused(latin, "table " + latin + ": is not UTF-8 text");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void refuses_whatever_is_no_table_and_names_it() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        assertRefused(folder, "table " + folder + ": is a folder");
        assertRefused(table(""), ": is empty");
        assertRefused(pipe, "table " + pipe + ": is a pipe or a device");
        assertRefused(Path.of("/dev/zero"), "table /dev/zero: is a pipe or a device");
    }

    private static void assertRefused(Path table, String why) {
        assertThatThrownBy(() -> MeasuredCells.read(table))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
                .hasMessageContaining(why);
    }

    private Path table(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "table", ".csv"), text);
    }
}
