package pnas.orchestrator.broker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Optional;

/** How the topics are made where they do not exist. */
@ConfigMapping(prefix = "pnas.broker")
interface BrokerConfig {
    /** Partitions of the topics that may have several. */
    @WithDefault("4")
    @Min(1) @Max(1000) int partitions();

    /** Copies of each partition; 1 on a single broker and else 3 where this is not given. */
    Optional<@Min(1) @Max(100) Short> replicationFactor();
}
