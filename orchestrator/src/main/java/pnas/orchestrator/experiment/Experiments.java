package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/** The experiments. Every method is its own transaction and may be called by many threads and by several orchestrators at once. */
@ApplicationScoped
public class Experiments {
    /**
     * Starts an experiment: it, its first stage and the trials of that stage are written in one transaction.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems of the draft
     */
    public ExperimentView create(SpecificationDraft draft) {
        throw new UnsupportedOperationException();
    }

    /**
     * What {@link #create} would do; nothing is written.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems of the draft
     */
    public Plan plan(SpecificationDraft draft) {
        throw new UnsupportedOperationException();
    }

    /**
     * Stops the dispatch of trainings; nothing changes where it is paused already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    public ExperimentView pause(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Goes on after a pause; nothing changes where it runs already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    public ExperimentView resume(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends it: open trials are cancelled, and trainers that work on them are told at their next heartbeat. Nothing changes where it is
     * cancelled already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    public ExperimentView cancel(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * The experiment.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    public ExperimentView find(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Some experiments, newest first.
     *
     * @param state only those in this state, where given
     * @param pageSize 1 to 1000
     * @param pageToken of the page before, absent for the first
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} for a page size out of bounds or a page token that this did not give out
     */
    public ExperimentPage list(@Nullable ExperimentState state, int pageSize, @Nullable String pageToken) {
        throw new UnsupportedOperationException();
    }

    /**
     * The stages that exist, in their order.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    public List<StageDetail> stages(String id) {
        throw new UnsupportedOperationException();
    }
}
