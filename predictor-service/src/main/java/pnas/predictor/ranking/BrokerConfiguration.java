package pnas.predictor.ranking;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import pnas.message.TopicPrefix;

/** What this service finds in Kafka. */
@ConfigMapping(prefix = "pnas.broker")
interface BrokerConfiguration {
    /** As that of the orchestrator. */
    Optional<@Pattern(regexp = TopicPrefix.PATTERN) String> prefix();
}
