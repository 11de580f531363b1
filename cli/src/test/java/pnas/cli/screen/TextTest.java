package pnas.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {
    @Test
    void a_line_is_folded_at_a_space_and_goes_on_indented() {
        assertThat(Text.fold("one two three four\n  five six seven\n", 10)).isEqualTo("""
                one two
                  three
                  four
                  five six
                    seven
                """);
    }

    @Test
    void a_word_that_does_not_fit_stays_whole() {
        assertThat(Text.fold("http://localhost:8080/experiments", 10)).isEqualTo("http://localhost:8080/experiments");
        assertThat(Text.fold("Page: http://localhost:8080", 10)).isEqualTo("Page:\n  http://localhost:8080");
        assertThat(Text.fold("", 10)).isEmpty();
    }
}
