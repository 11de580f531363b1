package pnas.orchestrator.report;

import java.util.List;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;

/**
 * What an experiment would do.
 *
 * @param specification with everything filled in
 * @param stages what each stage would train
 * @param trainings the most trainings of all stages together
 * @param trainerSeconds what trainers need for all of them together
 */
public record Plan(Specification specification, List<Stage> stages, long trainings, Estimate trainerSeconds) {
    public Plan {
        stages = List.copyOf(stages);
    }

    /**
     * A stage to come.
     *
     * @param stage its number, from 1
     * @param candidates distinct cells to choose from; an upper bound where that is not {@code exact}
     * @param exact whether there will be just as many candidates
     * @param trainings the most trainings, those under other seeds not among them
     * @param repeats the most trainings under other seeds, which confirm its best cells
     */
    public record Stage(int stage, long candidates, boolean exact, long trainings, long repeats) {
        /** All trainings. */
        long all() {
            return trainings + repeats;
        }
    }
}
