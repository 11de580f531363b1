package pnas.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"\0", "a\nb", "\u007f", "\u009f", "\ud800", "a\udc00", "\udc00\ud800", "😀\ud83d"})
    void is_not_what_a_database_or_a_terminal_trips_over(String text) {
        assertThat(PlainText.isPlain(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ä", "名", "😀", "\ufffd"})
    void is_any_other_text(String text) {
        assertThat(PlainText.isPlain(text)).isTrue();
    }

    @Test
    void an_excerpt_shows_what_cannot_be_seen_and_is_plain_itself() {
        String excerpt = PlainText.excerpt("a\0\ud800\u001b[31m", 20);

        assertThat(excerpt).isEqualTo("a\\u0000\\ud800\\u001b[31m");
        assertThat(PlainText.isPlain(excerpt)).isTrue();
    }

    @Test
    void an_excerpt_cuts_between_characters_only() {
        assertThat(PlainText.excerpt("😀😀😀", 2)).isEqualTo("😀😀…");
        assertThat(PlainText.excerpt("😀😀", 2)).isEqualTo("😀😀");
    }

    @Test
    void so_many_problems_are_told_and_of_the_rest_how_many_there_are() {
        PnasException failure = PnasException.invalidInput(java.util.stream.IntStream.range(0, 50_000)
                .mapToObj(i -> new Problem("k" + i, "is not known"))
                .toList());

        assertThat(failure.problems()).hasSize(101).contains(new Problem("k99", "is not known"));
        assertThat(failure.problems().getLast().message()).isEqualTo("49900 more problems are left out");
    }
}
