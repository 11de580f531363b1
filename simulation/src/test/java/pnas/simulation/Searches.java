package pnas.simulation;

import java.time.Duration;
import java.util.List;
import pnas.cell.Operation;
import pnas.message.DataSet;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.orchestrator.life.Budget;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.Specification;

/** What is searched. */
final class Searches {
    static final String ENGINE = "torch";
    static final RankingTerms TERMS = new RankingTerms(Duration.ofMinutes(2), 4, Duration.ofMinutes(2));

    private Searches() {}

    static Specification of(Plan plan) {
        return new Specification(
                "search",
                null,
                DataSet.DIGITS,
                plan.random() ? Specification.RANDOM : Specification.PROGRESSIVE,
                List.of(Operation.values()[plan.first()]),
                plan.blocks(),
                plan.beam(),
                null,
                Layout.Kind.CIFAR,
                1,
                8,
                TrainingSettings.DEFAULT,
                "gp",
                null,
                ENGINE,
                plan.seed(),
                0,
                plan.maxParallel(),
                1,
                0,
                new Budget(plan.budget(), null, null),
                plan.reuse(),
                null,
                DataSet.digits(0));
    }
}
