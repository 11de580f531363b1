package pnas.simulation;

import java.time.Duration;
import java.util.List;
import pnas.cell.Operation;
import pnas.engine.Engine;
import pnas.message.DataSet;
import pnas.message.PredictorName;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Confirm;
import pnas.orchestrator.specification.Execution;
import pnas.orchestrator.specification.NetworkShape;
import pnas.orchestrator.specification.Ranking;
import pnas.orchestrator.specification.Search;
import pnas.orchestrator.specification.Share;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.specification.Strategy;
import pnas.orchestrator.specification.Title;

/** What is searched. */
final class Searches {
    static final String ENGINE = Engine.TORCH.text();
    static final RankingTerms TERMS = new RankingTerms(Duration.ofMinutes(2), 4, Duration.ofMinutes(2));

    private Searches() {}

    static Specification of(Plan plan) {
        return new Specification(
                new Title("search", null),
                DataSet.digits(0),
                new Search(
                        List.of(Operation.values()[plan.first()]),
                        plan.blocks(),
                        plan.beam(),
                        plan.random() ? new Strategy.RandomStages() : new Strategy.Progressive(),
                        0,
                        plan.confirm() ? new Confirm(2, 2) : null),
                new NetworkShape(Layout.Kind.CIFAR, 1, 8),
                TrainingSettings.DEFAULT,
                new Ranking(PredictorName.GP, null),
                new Execution(Engine.TORCH, plan.reuse(), null),
                new Share(plan.maxParallel(), 1, 0),
                new Budget(plan.budget(), null, null),
                plan.seed());
    }

    /** The same with more cells and no limit. */
    static Specification raised(Specification present, int blocks, int beam) {
        Search search = present.search();
        return present.with(search.with(blocks, beam, search.strategy()), Budget.UNLIMITED);
    }
}
