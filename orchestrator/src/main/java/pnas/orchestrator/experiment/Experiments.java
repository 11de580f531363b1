package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.dataset.DataFolder;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.capacity.ExpectedTrainers;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.store.Done;
import pnas.orchestrator.life.store.ExperimentTransactions;
import pnas.orchestrator.specification.EngineChoice;
import pnas.orchestrator.specification.Extension;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.specification.SpecificationDraft;
import pnas.orchestrator.tracing.Traces;
import pnas.orchestrator.trainer.Trainers;

/** The experiments. Every method is its own transaction and may be called by many threads and by several orchestrators at once. */
@ApplicationScoped
public class Experiments {
    private static final String ID_CHARACTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int ID_LENGTH = 8;

    private final ExperimentChanges changes;
    private final CreationKeys keys;
    private final Traces traces;
    private final RandomGenerator random;
    private final Trainers trainers;
    private final ExpectedTrainers expected;
    private final DataFolder data;

    Experiments(
            ExperimentChanges changes,
            CreationKeys keys,
            Traces traces,
            RandomGenerator random,
            Trainers trainers,
            ExpectedTrainers expected,
            DataConfiguration data,
            RegisteredDataSets register) {
        this.changes = changes;
        this.keys = keys;
        this.traces = traces;
        this.random = random;
        this.trainers = trainers;
        this.expected = expected;
        this.data = new DataFolder(data.folder(), data.cache(), data.links(), register);
    }

    /**
     * Starts an experiment: it, its first stage and, where those are all cells of one block, the trials of that stage are written in one transaction.
     *
     * @param by the name of the account that starts it, absent where nobody was asked
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems of the draft
     */
    public ExperimentHead create(SpecificationDraft draft, @Nullable String by) {
        return create(read(draft), by);
    }

    @Transactional
    ExperimentHead create(Specification specification, @Nullable String by) {
        return start(newId(), specification, by);
    }

    /**
     * Starts an experiment once, however often and at however many orchestrators the same request arrives within a day.
     *
     * @param by the name of the account that starts it, absent where nobody was asked
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems of the draft; the key is not used up then
     */
    public Creation create(SpecificationDraft draft, @Nullable String by, CreationKey key) {
        return create(read(draft), by, key);
    }

    @Transactional
    Creation create(Specification specification, @Nullable String by, CreationKey key) {
        String id = newId();
        CreationKeys.Taken former = keys.take(key, id).orElse(null);
        if (former == null) {
            return new Creation.Started(start(id, specification, by));
        }
        return former.bodyHash().equals(key.bodyHash())
                ? new Creation.Repeated(head(former.experimentId()))
                : new Creation.KeyTaken(former.experimentId());
    }

    /**
     * What a draft specifies, with everything filled in. Not to be called in a transaction: to read a large data set takes longer than one may.
     *
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} and all problems of the draft
     */
    public Specification read(SpecificationDraft draft) {
        return draft.read(data, this::trainers);
    }

    private EngineChoice trainers() {
        ExpectedTrainers.Expected coming = expected.now();
        return new EngineChoice(
                Engine.texts().stream()
                        .flatMap(engine -> trainers.liveMachines(engine).stream())
                        .toList(),
                coming.engines(),
                coming.onDevices());
    }

    private ExperimentHead start(String id, Specification specification, @Nullable String by) {
        Done _ = changes.apply(experiments -> experiments.create(id, specification, by, traces.current()));
        return head(id);
    }

    /**
     * Stops the dispatch of trainings; nothing changes where it is paused already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    @Transactional
    public ExperimentHead pause(String id) {
        return change(id, new ExperimentOrder.Pause());
    }

    /**
     * Goes on after a pause, or after it failed; nothing changes where it runs already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    @Transactional
    public ExperimentHead resume(String id) {
        return change(id, new ExperimentOrder.Resume());
    }

    /**
     * Ends it: open trials are cancelled, and trainers that work on them are told at their next heartbeat. Nothing changes where it is
     * cancelled already.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    @Transactional
    public ExperimentHead cancel(String id) {
        return change(id, new ExperimentOrder.Cancel());
    }

    /**
     * Has an experiment go on that was completed or stopped, or failed, as if it had been created with what is raised now. A larger beam has the stages choose
     * anew that chose before: what they trained stays, and what they do not choose again is set aside.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}, {@link ErrorCode#STATE_FORBIDS}, or {@link ErrorCode#INVALID_INPUT} and all
     *     problems of the extension
     */
    @Transactional
    public ExperimentHead extend(String id, Extension extension) {
        return change(
                id,
                experiments -> experiments.extend(
                        id,
                        (experiment, spent) -> extension.of(
                                experiment.specification(),
                                experiment.state() == ExperimentState.COMPLETED,
                                spent::reaching)));
    }

    /**
     * Has what failed of an experiment tried again, as at first. The stages after it choose anew, on what is measured then: what they trained stays, and what they do
     * not choose again is set aside. It ends as if nothing had failed.
     *
     * @param cellId of the only trial that is tried again, absent for all that failed
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} or {@link ErrorCode#STATE_FORBIDS}
     */
    @Transactional
    public ExperimentHead retry(String id, @Nullable String cellId) {
        return change(id, experiments -> experiments.retry(id, cellId));
    }

    /**
     * The experiment in one row.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public ExperimentHead head(String id) {
        return existing(ExperimentEntity.findById(id), id).head();
    }

    /** The names of experiments by their ids; an unknown id has none. */
    @Transactional
    public Map<String, String> names(Set<String> ids) {
        List<ExperimentEntity> found = ExperimentEntity.list("id in ?1", ids);
        return found.stream().collect(Collectors.toMap(experiment -> experiment.id, experiment -> experiment.name));
    }

    private ExperimentHead change(String id, ExperimentOrder order) {
        return change(id, experiments -> experiments.order(id, order));
    }

    private ExperimentHead change(String id, Function<ExperimentTransactions, Optional<Done>> work) {
        Done _ = changes.apply(experiments -> work.apply(experiments).orElseThrow(() -> unknown(id)));
        return head(id);
    }

    private static ExperimentEntity existing(@Nullable ExperimentEntity experiment, String id) {
        if (experiment == null) {
            throw unknown(id);
        }
        return experiment;
    }

    /** What is said of an experiment that is not there. */
    public static PnasException unknown(String id) {
        return new PnasException(ErrorCode.NOT_FOUND, "there is no experiment " + id);
    }

    private String newId() {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_CHARACTERS.charAt(random.nextInt(ID_CHARACTERS.length())));
        }
        return id.toString();
    }
}
