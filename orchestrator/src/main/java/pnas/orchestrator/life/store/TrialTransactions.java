package pnas.orchestrator.life.store;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.dispatch.DispatchTurn;

/**
 * What is done to trials: their experiments are locked, they are read, it is decided, and what follows is stored. Where the last trial of a stage is over then, the
 * stage ends. Each method is part of one transaction of its store; what it returns is to be told after the commit.
 */
public final class TrialTransactions {
    private static final Pattern TRIAL_ID = Pattern.compile("[a-z0-9]{8}-[0-9a-f]{16}(-[1-5]-[1-9][0-9]?)?");

    private final Store store;
    private final LeaseTerms terms;
    private final ExperimentTransactions experiments;

    public TrialTransactions(Store store, LeaseTerms terms) {
        this.store = store;
        this.terms = terms;
        this.experiments = new ExperimentTransactions(store, terms);
    }

    /** Works on messages of trainers, in their order. */
    public Done hear(List<TrainingProgress> messages) {
        Set<String> ids = messages.stream()
                .map(message -> message.attempt().trialId())
                .filter(id -> TRIAL_ID.matcher(id).matches())
                .collect(Collectors.toSet());
        Set<String> claimed = messages.stream()
                .filter(TrainingProgress.Claimed.class::isInstance)
                .map(message -> message.attempt().trialId())
                .filter(ids::contains)
                .collect(Collectors.toSet());
        return change(ids, claimed, Map.of(), unit -> messages.forEach(unit::hear));
    }

    /** Ends the leases of these trials that were over before an instant of the store's clock. */
    public Done expire(Collection<String> ids, Instant before) {
        return change(ids, Set.of(), Map.of(), unit -> unit.obey(new TrialOrder.Expire(before)));
    }

    /** Queues those of these trials again, all of one engine, whose jobs were lost. */
    public Done lose(Collection<String> ids, TrialOrder.Lose order) {
        return change(ids, Set.of(), Map.of(), unit -> unit.obey(order));
    }

    /** Answers those of these trials that are still queued. */
    public Done reuse(List<DispatchTurn.Reused> answers) {
        Map<String, Trial> results =
                store.trials(answers.stream().map(DispatchTurn.Reused::resultId).collect(Collectors.toSet())).stream()
                        .collect(Collectors.toMap(Trial::id, Function.identity()));
        return change(
                answers.stream().map(DispatchTurn.Reused::trialId).toList(),
                Set.of(),
                Map.of(),
                unit -> answers.forEach(answer -> unit.obey(
                        answer.trialId(),
                        new TrialOrder.Reuse(Objects.requireNonNull(results.get(answer.resultId()))))));
    }

    /**
     * What a turn of dispatch is about to do: it reuses or it sends.
     *
     * @param reused in the order in which it is done; where there are some, nothing is sent before they are stored, since they make room
     * @param sent in the order in which it goes out
     * @param jobs of what is sent
     */
    public record Turn(List<DispatchTurn.Reused> reused, List<DispatchTurn.Sent> sent, List<TrainingJob> jobs) {
        private static final Turn NOTHING = new Turn(List.of(), List.of(), List.of());

        public Turn {
            reused = List.copyOf(reused);
            sent = List.copyOf(sent);
            jobs = List.copyOf(jobs);
        }
    }

    /**
     * What is to be done in a turn of an engine that the caller {@linkplain Turns has}. Nothing is locked: it is {@linkplain #reuse done} or {@linkplain #sent
     * noted} in another transaction, and what a trainer or a user changed until then stays as they changed it. No claim waits for the broker, since a claim is
     * valid from QUEUED too.
     *
     * @param unclaimed the most trials of the engine that may be sent and not claimed
     */
    public Turn turn(String engine, long unclaimed) {
        DispatchTurn.Decision decision = decide(engine, unclaimed);
        if (!decision.reused().isEmpty()) {
            return new Turn(decision.reused(), List.of(), List.of());
        }
        List<String> sent =
                decision.sent().stream().map(DispatchTurn.Sent::trialId).toList();
        return sent.isEmpty() ? Turn.NOTHING : new Turn(List.of(), decision.sent(), store.jobs(sent));
    }

    private DispatchTurn.Decision decide(String engine, long unclaimed) {
        DispatchTurn turn = new DispatchTurn(unclaimed, store.heads(engine));
        // All of it is read after it is known what is out: of what was out then and is over now, the result is found
        // here.
        List<DispatchTurn.Answer> answers = turn.mayReuse() ? store.answers(engine) : List.of();
        Set<Machine> machines = answers.isEmpty() ? Set.of() : store.machines(engine);
        Map<String, Long> wanted = turn.wanted();
        List<DispatchTurn.Candidate> candidates = wanted.isEmpty() ? List.of() : store.candidates(wanted);
        return turn.decide(candidates, answers, machines);
    }

    /**
     * Notes that jobs were sent, except of trials that a trainer or a user changed meanwhile.
     *
     * @param offsets of those that the broker has, by the ids of their trials
     */
    public Done sent(Turn turn, Map<String, Long> offsets) {
        Map<String, Double> turns = turn.sent().stream()
                .filter(sent -> offsets.containsKey(sent.trialId()))
                .collect(Collectors.toMap(sent -> Trial.ownerOf(sent.trialId()), DispatchTurn.Sent::turn, Math::max));
        Map<String, TrialOrder.Dispatch> orders = new LinkedHashMap<>();
        for (TrainingJob job : turn.jobs()) {
            Long offset = offsets.get(job.trialId());
            if (offset != null) {
                orders.put(job.trialId(), new TrialOrder.Dispatch(job.attempt(), offset));
            }
        }
        return change(orders.keySet(), orders.keySet(), turns, unit -> orders.forEach(unit::obey));
    }

    /**
     * One transaction.
     *
     * @param beginning those of the trials that may be sent or granted in it
     */
    private Done change(
            Collection<String> ids,
            Collection<String> beginning,
            Map<String, Double> turns,
            Consumer<TrialUnit> decide) {
        Store.Locked locked = store.lock(ids.stream().map(Trial::ownerOf).collect(Collectors.toSet()));
        // Read after the locks were had: nobody changes these trials until the transaction ends.
        Store.Read read = store.read(ids, reusing(locked, beginning));
        TrialUnit unit = new TrialUnit(terms, locked.now(), locked.owners(), read.lives(), read.twins());
        decide.accept(unit);
        if (unit.effects().isEmpty() && turns.isEmpty()) {
            return Done.NOTHING;
        }
        Changes changes = unit.changes().with(new Changes.Experiments(Map.of(), List.of(), Map.of(), turns));
        store.store(changes);
        Done done = new Done(List.of(changes), unit.effects(), List.of(), List.of());
        for (String ended : ended(unit, read, changes)) {
            done = done.then(experiments.settle(ended, locked.now()));
        }
        return done;
    }

    /** The experiments with a stage in which a trial has ended and none is open any more, in the order of their ids. */
    private static Set<String> ended(TrialUnit unit, Store.Read read, Changes changes) {
        return unit.touchedStages().stream()
                .filter(stage -> read.open().getOrDefault(stage, 0L)
                                + changes.counts()
                                        .getOrDefault(stage, TrialCounts.NONE)
                                        .open()
                        == 0)
                .map(StageKey::experimentId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Those of these trials whose experiments reuse results: twins stand in the way of nobody else. */
    private static List<String> reusing(Store.Locked locked, Collection<String> ids) {
        return ids.stream()
                .filter(id -> {
                    Owner owner = locked.owners().get(Trial.ownerOf(id));
                    return owner != null && owner.reuse();
                })
                .toList();
    }
}
