package pnas.orchestrator.report;

import java.util.ArrayList;
import java.util.List;
import pnas.decision.Decides;
import pnas.orchestrator.specification.Confirm;
import pnas.orchestrator.specification.Specification;
import pnas.space.SearchSpace;

/** What the stages of a search will train at most. */
@Decides
final class Planning {
    private Planning() {}

    static List<Plan.Stage> stages(Specification specification) {
        return specification.search().drawsAtRandom() ? drawn(specification) : ranked(specification);
    }

    private static List<Plan.Stage> ranked(Specification specification) {
        List<Plan.Stage> stages = new ArrayList<>();
        SearchSpace space = new SearchSpace(specification.search().operations());
        long parents = space.distinctCells(1);
        stages.add(new Plan.Stage(1, parents, true, parents, repeats(specification, 1)));
        for (int stage = 2; stage <= specification.search().blocks(); stage++) {
            long candidates =
                    Math.min(space.distinctCells(stage), space.mostCandidates(stage, Math.toIntExact(parents)));
            parents = Math.min(specification.search().beam(), candidates);
            stages.add(new Plan.Stage(stage, candidates, false, parents, repeats(specification, stage)));
        }
        return stages;
    }

    private static long repeats(Specification specification, int stage) {
        Confirm confirm = specification.search().confirmsIn(stage);
        return confirm == null ? 0 : confirm.mostTrainings();
    }

    /** The control arm trains the same first stage, so that the arms differ in nothing but how cells are chosen. */
    private static List<Plan.Stage> drawn(Specification specification) {
        List<Plan.Stage> stages = new ArrayList<>();
        SearchSpace space = new SearchSpace(specification.search().operations());
        for (int stage = specification.search().firstStage();
                stage <= specification.search().blocks();
                stage++) {
            long cells = space.distinctCells(stage);
            long trained = specification.search().choosesIn(stage)
                    ? Math.min(specification.search().cells(), cells)
                    : cells;
            stages.add(new Plan.Stage(stage, cells, true, trained, repeats(specification, stage)));
        }
        return stages;
    }
}
