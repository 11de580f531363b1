package pnas.orchestrator.ranking;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How rankings are asked for. */
@ConfigMapping(prefix = "pnas.ranking")
interface RankingConfig {
    /**
     * How long nothing may be heard of a request before it is sent again. The predictor tells of it every {@code pnas.ranking.sign-of-life}, however many it
     * has to rank first.
     */
    @WithDefault("120s")
    @DurationMin(millis = 100)
    @DurationMax(hours = 24)
    Duration patience();

    /** How often a request is sent again before the experiment fails. */
    @WithDefault("4")
    @Min(0) @Max(100) int repetitions();

    /** How long one orchestrator has to expand a stage and send its request before another one may do it. */
    @WithDefault("2m")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration working();

    /** How often stages are looked for without being told of one. */
    @WithDefault("1s")
    @DurationMin(millis = 50)
    @DurationMax(minutes = 1)
    Duration poll();
}
