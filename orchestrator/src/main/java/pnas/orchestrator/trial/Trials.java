package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** Questions about the trials of an experiment. None of them tells an experiment that does not exist from one without trials. */
@ApplicationScoped
public class Trials {
    /**
     * Some trials of an experiment.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} for a page token that this did not give out
     */
    public TrialPage page(String experimentId, TrialQuery query) {
        throw new UnsupportedOperationException();
    }

    /**
     * Everything about one trial.
     *
     * @param cellId 16 hex digits
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    public TrialDetail one(String experimentId, String cellId) {
        throw new UnsupportedOperationException();
    }

    /** The best measured cells of the last stage that has any, best first, ties by the least canonical text. */
    public List<TrialSummary> best(String experimentId, int top) {
        throw new UnsupportedOperationException();
    }

    /** The best measured cells of all stages, best first, ties by the least canonical text. */
    public List<TrialSummary> bestOverall(String experimentId, int top) {
        throw new UnsupportedOperationException();
    }
}
