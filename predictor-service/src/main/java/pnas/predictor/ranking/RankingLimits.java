package pnas.predictor.ranking;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Min;

/** How much one ranking request may hold. A larger one is answered with a failure before it can take the memory of the service. */
@ConfigMapping(prefix = "pnas.ranking")
interface RankingLimits {
    /** The most candidates of a request; 4,096 parents of 4 blocks have 4.8 million. One takes about 60 bytes. */
    @WithDefault("5000000")
    @Min(1) int mostCandidates();

    /** The most measured cells of a request. */
    @WithDefault("100000")
    @Min(1) int mostObservations();
}
