package pnas.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellParserTest {
    private static final String BLOCK = "sep3x3(c-1)+sep3x3(c-2)";

    @Test
    void spaces_between_parts_do_not_matter() {
        assertThat(Cell.parse(" sep3x3 ( c-1 )+sep3x3(c-2)|sep3x3(b1) + sep3x3(c-2)  ")
                        .text())
                .isEqualTo("sep3x3(c-1)+sep3x3(c-2) | sep3x3(b1)+sep3x3(c-2)");
    }

    @Test
    void a_caret_stands_under_the_error() {
        assertThat(failure("sep3x3(c-1)+sep4x4(c-1)")).hasMessage("""
                        expected an operation (sep3x3, sep5x5, sep7x7, conv1x7_7x1, identity, avg3x3, max3x3, dil3x3), found 'sep4x4' at character 13
                          sep3x3(c-1)+sep4x4(c-1)
                                      ^""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "\"\"; 0; found the end of the text",
                "sep3x3; 6; expected '(', found the end of the text",
                "sep3x3(c-3)+sep3x3(c-1); 7; expected an input (c-1, c-2), found 'c-3'",
                "sep3x3(b1)+sep3x3(c-1); 7; expected an input (c-1, c-2), found 'b1'",
                "sep3x3(c-1)+sep3x3(c-1) | sep3x3(b2)+sep3x3(c-1); 33; expected an input (c-1, c-2, b1), found 'b2'",
                "sep3x3(c-1)sep3x3(c-1); 11; expected '+', found 'sep3x3'",
                "sep3x3(c-1)-sep3x3(c-1); 11; expected '+', found '-sep3x3'",
                "sep3x3(c-1+sep3x3(c-1); 10; expected ')', found '+'",
                "sep3x3(c-1)+sep3x3(c-1) sep3x3(c-1); 24; expected '|' or the end of the cell, found 'sep3x3'",
                "sep3x3(c-1)+sep3x3(c-1) |; 25; found the end of the text",
                "SEP3x3(c-1)+sep3x3(c-1); 0; found 'SEP3x3'",
                "sep3x3(ç)+sep3x3(c-1); 7; found 'ç'",
            })
    void points_at_what_is_wrong(String text, int position, String problem) {
        CellSyntaxException failure = failure(text);

        assertThat(failure).hasMessageContaining(problem + " at character " + (position + 1) + "\n");
        assertThat(failure.position()).isEqualTo(position);
        assertThat(failure.text()).isEqualTo(text);
    }

    @Test
    void rejects_a_sixth_block() {
        String six = String.join(" | ", BLOCK, BLOCK, BLOCK, BLOCK, BLOCK, BLOCK);

        assertThat(failure(six)).hasMessageStartingWith("expected the end of the cell after 5 blocks, found '|'");
    }

    @Test
    void rejects_a_block_with_more_behind_it() {
        CellSyntaxException failure =
                catchThrowableOfType(CellSyntaxException.class, () -> Block.parse(BLOCK + " | " + BLOCK));

        assertThat(failure).hasMessageStartingWith("expected the end of the block, found '|'");
    }

    @Test
    void reads_no_more_than_a_bounded_text() {
        CellSyntaxException failure = failure(BLOCK + " ".repeat(1_000_000));

        assertThat(failure).hasMessageStartingWith("expected at most 512 characters, found 1000023");
        assertThat(failure.getMessage()).hasSizeLessThan(2000);
    }

    @Test
    void control_characters_do_not_reach_the_message() {
        assertThat(failure("sep3x3(c-1)\u001b[31m\r\n"))
                .hasMessageContaining("found '\\u001b'")
                .hasMessageNotContaining("\u001b");
    }

    private static CellSyntaxException failure(String text) {
        return catchThrowableOfType(CellSyntaxException.class, () -> Cell.parse(text));
    }
}
