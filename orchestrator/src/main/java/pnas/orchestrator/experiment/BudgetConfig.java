package pnas.orchestrator.experiment;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How budgets are kept. */
@ConfigMapping(prefix = "pnas.budget")
interface BudgetConfig {
    /** How often it is looked for experiments that have used up their time; one may go so much beyond it. */
    @WithDefault("1s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 10)
    Duration inspection();
}
