package pnas.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeyTest {
    @Test
    void a_key_is_drawn_with_all_of_its_bits() {
        SecureRandom random = new SecureRandom();
        ApiKey one = ApiKey.draw(random);
        ApiKey other = ApiKey.draw(random);

        assertThat(one.text()).matches("pnas_[0-9a-f]{10}_[0-9a-f]{64}").isNotEqualTo(other.text());
        assertThat(one.text()).startsWith("pnas_" + one.id() + "_");
        assertThat(one.id()).isNotEqualTo(other.id());
    }

    @Test
    void the_hash_is_what_sha256sum_says() {
        assertThat(new ApiKey("pnas_" + "0".repeat(10) + "_" + "0".repeat(64)).hash())
                .isEqualTo("46a150bcdb77cfccfcd13fc3487b5e81bb3efb62b9582eb3da85de7a7b7cff25");
    }

    @Test
    void a_key_is_never_written_by_accident() {
        ApiKey key = ApiKey.draw(new SecureRandom());
        assertThat("" + key).isEqualTo("pnas_" + key.id() + "_…");

        String slip = key.text().substring(1);
        assertThatThrownBy(() -> new ApiKey(slip))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pnas_ID_SECRET")
                .hasMessageNotContaining(slip);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pnas_", "pnas_0123456789_abc", "secret"})
    void other_texts_are_no_keys(String text) {
        assertThat(ApiKey.isValid(text)).isFalse();
    }
}
