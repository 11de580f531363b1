package pnas.orchestrator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TopicSetupTest {
    @Test
    void a_broker_without_share_groups_is_told_with_what_to_do() {
        assertThat(TopicSetup.lackOfShareGroups(0))
                .isEqualTo("the broker has no share groups, by which trainers get their jobs (share.version is 0): run"
                        + " kafka-features.sh --bootstrap-server HOST:PORT upgrade --feature share.version=1");
        assertThat(TopicSetup.lackOfShareGroups(1)).isNull();
    }
}
