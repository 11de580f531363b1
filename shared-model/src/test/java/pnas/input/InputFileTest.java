package pnas.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import pnas.failure.ErrorCode;
import pnas.failure.PlainText;
import pnas.failure.PnasException;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InputFileTest {
    private static final int MOST = 1000;

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void openTheFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void what_is_no_file_to_read_is_refused_by_every_way_to_read_it() throws IOException, InterruptedException {
        Path empty = Files.createFile(folder.resolve("empty"));
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path large = Files.write(folder.resolve("large"), new byte[MOST + 1]);
        Path locked = Files.writeString(folder.resolve("locked"), "secret");
        OtherAccount.lock(locked);
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Path below = Files.writeString(closed.resolve("file"), "x");
        OtherAccount.lock(closed);
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));

        assertRefused(folder, "is a folder, expected a file");
        assertRefused(empty, "is empty");
        assertRefused(pipe, "is a pipe or a device, expected a file");
        assertRefused(Path.of("/dev/zero"), "is a pipe or a device, expected a file");
        assertRefused(folder.resolve("absent"), "there is no such file");
        assertRefused(empty.resolve("below"), "there is no such file");
        assertRefused(large, "has more than 1000 bytes");
        OtherAccount.run(() -> {
            assertRefused(locked, "permission denied");
            assertRefused(below, "permission denied");
        });
        assertThatThrownBy(() -> given(loop).bytes(MOST)).hasMessageContaining("loop");
    }

    private void assertRefused(Path path, String why) {
        List<ThrowingCallable> ways = List.of(
                () -> given(path).bytes(MOST),
                () -> given(path).text(MOST),
                () -> given(path).open(MOST).readAllBytes());
        for (ThrowingCallable way : ways) {
            assertThatThrownBy(way)
                    .isInstanceOfSatisfying(
                            PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_UNREADABLE))
                    .hasMessage("pets/7.png: " + why);
        }
    }

    @Test
    void a_file_of_just_the_size_is_read() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[MOST]);
        assertThat(given(file).bytes(MOST)).hasSize(MOST);
        assertThat(given(file).open(MOST).readAllBytes()).hasSize(MOST);
    }

    @Test
    void what_may_pass_later_is_no_refusal() {
        assertThat(given(folder).failure(new IOException("Too many open files")).code())
                .isEqualTo(ErrorCode.STORAGE_FAILURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void a_mark_at_the_beginning_says_how_a_text_is_written_and_is_no_part_of_it(Charset charset) throws IOException {
        Path file = Files.write(folder.resolve("file"), "\uFEFFgrößer 𝄞".getBytes(charset));
        assertThat(given(file).text(MOST)).isEqualTo("größer 𝄞");
        Files.write(file, "\uFEFF".getBytes(charset));
        assertThatThrownBy(() -> given(file).text(MOST)).hasMessage("pets/7.png: is empty");
    }

    @Test
    void what_is_no_utf_8_is_refused() throws IOException {
        Path file = Files.write(folder.resolve("file"), "größer".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> given(file).text(MOST))
                .isInstanceOf(PnasException.class)
                .hasMessage("pets/7.png: is not UTF-8 text");
    }

    @Test
    void an_excerpt_shows_what_nobody_sees() {
        assertThat(PlainText.excerpt("cell,accuracy")).isEqualTo("cell,accuracy");
        assertThat(PlainText.excerpt("\uFEFFcell\u200B\u00A0\0\r\tä𝄞\uD800\u202E"))
                .isEqualTo("\\ufeffcell\\u200b\\u00a0\\u0000\\u000d\\u0009ä𝄞\\ud800\\u202e");
        assertThat(PlainText.excerpt("x".repeat(61))).isEqualTo("x".repeat(60) + "…");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void a_table_is_read_by_the_separator_of_its_first_line(String separator) throws IOException {
        assertThat(rows("\r\na,\"b,\"\"\nc\"\r\n\r\n1,2;\n\"\",\n".replace(",", separator)))
                .containsExactly(
                        new Csv.Row(2, List.of("a", "b" + separator + "\"\nc")),
                        separator.equals(";")
                                ? new Csv.Row(5, List.of("1", "2", ""))
                                : new Csv.Row(5, List.of("1", "2;")),
                        new Csv.Row(6, List.of("", "")));
    }

    @Test
    void a_comma_in_the_first_line_separates_whatever_else_stands_there() throws IOException {
        assertThat(rows("a;b,c\n1;2,3"))
                .extracting(Csv.Row::fields)
                .containsExactly(List.of("a;b", "c"), List.of("1;2", "3"));
        assertThat(rows("\"a,b\";c\n1;2"))
                .extracting(Csv.Row::fields)
                .containsExactly(List.of("a,b", "c"), List.of("1", "2"));
        assertThat(rows("")).isEmpty();
        assertThat(rows("\n\r\n")).isEmpty();
        assertThat(rows("a")).extracting(Csv.Row::fields).containsExactly(List.of("a"));
        assertThat(rows("\"never closed\n,")).extracting(Csv.Row::fields).containsExactly(List.of("never closed\n,"));
    }

    private static List<Csv.Row> rows(String text) throws IOException {
        Csv csv = new Csv(new BufferedReader(new StringReader(text)));
        List<Csv.Row> rows = new ArrayList<>();
        for (Csv.Row row = csv.next(); row != null; row = csv.next()) {
            rows.add(row);
        }
        return rows;
    }

    private static InputFile given(Path path) {
        return new InputFile(path, "pets/7.png", ErrorCode.DATA_SET_UNREADABLE);
    }
}
