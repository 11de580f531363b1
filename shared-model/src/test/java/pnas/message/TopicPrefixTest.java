package pnas.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicPrefixTest {
    @Test
    void stands_before_each_name_and_can_be_left_out_again() {
        TopicPrefix prefix = TopicPrefix.of(Optional.of("second."));

        assertThat(prefix.before(Topics.PROGRESS)).isEqualTo("second.pnas.progress");
        assertThat(prefix.before(Topics.deadLetters(prefix.leftOut("second.pnas.progress"))))
                .isEqualTo("second.dlq.pnas.progress");
        assertThat(TopicPrefix.of(Optional.empty()).before(Topics.PROGRESS)).isEqualTo(Topics.PROGRESS);
    }

    @Test
    void refuses_a_topic_of_another_installation() {
        assertThatThrownBy(() -> new TopicPrefix("second.").leftOut(Topics.PROGRESS))
                .hasMessage("a topic of this installation must begin with second., got pnas.progress");
    }

    @ParameterizedTest
    @ValueSource(strings = {"second/", "a b", "ä.", "a\n"})
    void refuses_what_kafka_does_not_take_in_names(String text) {
        assertThatThrownBy(() -> new TopicPrefix(text)).hasMessageContaining("pnas.broker.prefix must be");
        assertThatThrownBy(() -> new TopicPrefix("x".repeat(101))).hasMessageContaining("at most 100");
    }
}
