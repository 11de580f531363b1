package pnas.orchestrator.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.util.Optional;
import pnas.message.TopicPrefix;

/** What the topics are called, and how they are made where they do not exist. */
@ConfigMapping(prefix = "pnas.broker")
interface BrokerConfig {
    /** What the names of all topics and groups begin with, the same for all services of an installation: with it several share a Kafka. Nothing by default. */
    Optional<@Pattern(regexp = TopicPrefix.PATTERN) String> prefix();

    /** Partitions of the topics that may have several. */
    @WithDefault("4")
    @Min(1) @Max(1000) int partitions();

    /** Copies of each partition; 1 on a single broker and else 3 where this is not given. */
    Optional<@Min(1) @Max(100) Short> replicationFactor();
}
