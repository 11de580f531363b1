package pnas.trainer.intake;

import io.smallrye.config.ConfigMapping;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import pnas.message.TopicPrefix;

/** What a trainer finds in Kafka. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.broker")
public interface BrokerConfiguration {
    /** As that of the orchestrator. */
    Optional<@Pattern(regexp = TopicPrefix.PATTERN) String> prefix();
}
