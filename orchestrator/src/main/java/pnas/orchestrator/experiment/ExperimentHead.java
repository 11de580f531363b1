package pnas.orchestrator.experiment;

import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.specification.Specification;

/**
 * What commands answer, and what is enough to name an experiment: one row, one statement.
 *
 * @param replayed whether its results are looked up and nothing is trained
 * @param blocks blocks of the cells of its last stage
 */
public record ExperimentHead(String id, String name, ExperimentState state, boolean replayed, int blocks) {
    /** The head of an experiment of this specification. */
    public static ExperimentHead of(String id, ExperimentState state, Specification specification) {
        return new ExperimentHead(
                id,
                specification.title().name(),
                state,
                specification.execution().replayed(),
                specification.search().blocks());
    }

    /** Its page, relative to the orchestrator. */
    public String url() {
        return "/experiments/" + id;
    }
}
