package pnas.orchestrator.experiment;

import pnas.orchestrator.life.ExperimentState;

/**
 * What commands answer, and what is enough to name an experiment: one row, one statement.
 *
 * @param replayed whether its results are looked up and nothing is trained
 * @param blocks blocks of the cells of its last stage
 */
public record ExperimentHead(String id, String name, ExperimentState state, boolean replayed, int blocks) {
    /** Its page, relative to the orchestrator. */
    public String url() {
        return url(id);
    }

    static String url(String id) {
        return "/experiments/" + id;
    }
}
