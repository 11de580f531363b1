package pnas.orchestrator.life.store;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.Usage;
import pnas.orchestrator.life.dispatch.DispatchTurn;

/**
 * Where the core finds, locks, reads and stores; every call belongs to one transaction, that of its caller.
 *
 * <p>What is found without a lock may have changed by the next call, since between any two calls anything else may commit. What is read under the locks
 * of {@link #lock} stays as it is until the transaction ends. All that is stored is there after the commit, or nothing of it. A store decides nothing:
 * what it finds may be too much for a rule, but never too little.
 */
public interface Store {
    // ---- find, without a lock

    /** What its clock says now. */
    Instant now();

    /** The ids of trials whose leases were over before an instant, in their order, at most so many. */
    List<String> expired(Instant before, int most);

    /** Trials that were sent before an instant and that nobody has claimed, by engine, those that were sent first, at most so many. */
    Map<String, List<Unclaimed>> unclaimed(Instant sentBefore, int most);

    /** Those of these trials that there are. */
    List<Trial> trials(Collection<String> ids);

    /** The engines for which a trial of a running experiment is queued. */
    List<String> engines();

    /** The experiments of an engine that are not over. */
    List<DispatchTurn.Head> heads(String engine);

    /** Of each of these experiments so many queued trials, those that are expected to take longest. */
    List<DispatchTurn.Candidate> candidates(Map<String, Long> most);

    /** The reusable results of trials that have the training key of a queued trial of an experiment of this engine that reuses results. */
    List<DispatchTurn.Answer> answers(String engine);

    /** What the live trainers of an engine compute with. */
    Set<Machine> machines(String engine);

    /** The jobs of the present attempts at these trials, in their order. */
    List<TrainingJob> jobs(List<String> ids);

    /** Experiments that run and of which a stage chooses its cells. */
    List<ExperimentLife> choosing();

    /** Experiments that run and whose budgets are limited, in the order of their ids. */
    List<String> limited();

    // ---- lock and read

    /** Locks these experiments in the order of their ids until the transaction ends, then reads the clock and them; an unknown one is left out. */
    Locked lock(Set<String> experimentIds);

    /**
     * Reads trials of locked experiments, with all their attempts.
     *
     * @param ids of the trials; an unknown one is left out
     * @param beginning those of them that nobody shall train elsewhere: their training keys are locked before, in one order, until the transaction ends
     */
    Read read(Collection<String> ids, Collection<String> beginning);

    /** A locked experiment with its stages; empty where there is none. */
    Optional<Search> search(String experimentId);

    /** The trials of these stages of a locked experiment that are in one of these states, in the order of their ids, with those of their attempts that have not ended. */
    List<TrialLife> lives(String experimentId, Set<Integer> stages, Set<TrialState> states);

    /** The trials of an experiment that are in one of these states, with how their stages chose them, by stage and rank. */
    List<Chosen> chosen(String experimentId, Set<TrialState> states);

    /** Attempts at the trials of a stage, and what else the trainers did that were at it, as far back as its last claim or longer. */
    List<Stage.Work> work(String experimentId, int stage);

    // ---- store

    /** Stores changes of what was read under locks, and what is new. */
    void store(Changes changes);

    /**
     * A trial that waits at the broker.
     *
     * @param offset of its job; absent where it was not noted
     */
    record Unclaimed(String trialId, @Nullable Long offset) {}

    /** A trial and how its stage chose it last. */
    record Chosen(Trial trial, NewTrial cell) {}

    /**
     * Experiments that nobody else changes now.
     *
     * @param now what the clock said after the last lock was had
     * @param owners the experiments by their ids
     */
    record Locked(Instant now, Map<String, Owner> owners) {
        public Locked {
            owners = Map.copyOf(owners);
        }
    }

    /**
     * Trials as they are until the transaction ends.
     *
     * @param twins trials beside them that are out and have the training key of one that is beginning
     * @param open how many trials of their stages are not over
     */
    record Read(List<TrialLife> lives, List<Trial> twins, Map<StageKey, Long> open) {
        public Read {
            lives = List.copyOf(lives);
            twins = List.copyOf(twins);
            open = Map.copyOf(open);
        }
    }

    /**
     * An experiment as it is until the transaction ends.
     *
     * @param usage what it has out and has used
     */
    record Search(ExperimentLife life, Usage usage) {
        /** What it has used until now. */
        public Spent spent(Instant now) {
            Experiment experiment = life.experiment();
            return Spent.of(usage, experiment.runningSeconds(), experiment.runningSince(), now);
        }
    }
}
