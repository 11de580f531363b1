package pnas.orchestrator.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreationKeyTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "tab\tbed", "two\nlines", "caf\u00e9", "\u0000"})
    void refuses_what_is_empty_or_cannot_be_printed(String text) {
        assertThat(CreationKey.isValid(text)).isFalse();
        assertThatThrownBy(() -> CreationKey.of(text, new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void has_one_to_two_hundred_characters() {
        assertThat(CreationKey.isValid("k")).isTrue();
        assertThat(CreationKey.isValid("~ ".repeat(100))).isTrue();
        assertThat(CreationKey.isValid("k".repeat(201))).isFalse();
    }

    @Test
    void tells_bodies_apart_by_their_bytes() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(CreationKey.of("k", body)).isEqualTo(CreationKey.of("k", body.clone()));
        assertThat(CreationKey.of("k", body)).isNotEqualTo(CreationKey.of("k", "{ }".getBytes(StandardCharsets.UTF_8)));
    }
}
