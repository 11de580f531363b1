package pnas.orchestrator.life;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pnas.message.TrainingProgress;

/**
 * What is done to trials: their experiments are locked, they are read, it is decided, and what follows is stored. Each method is part of one transaction of its
 * store; what it returns is to be told after the commit.
 */
public final class TrialTransactions {
    private static final Pattern TRIAL_ID = Pattern.compile("[a-z0-9]{8}-[0-9a-f]{16}");

    private final Store store;
    private final LeaseTerms terms;

    public TrialTransactions(Store store, LeaseTerms terms) {
        this.store = store;
        this.terms = terms;
    }

    /** Works on messages of trainers, in their order. */
    public TrialUnit hear(List<TrainingProgress> messages) {
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
    public TrialUnit expire(Collection<String> ids, Instant before) {
        return change(ids, Set.of(), Map.of(), unit -> unit.obey(new TrialOrder.Expire(before)));
    }

    /** Queues those of these trials again, all of one engine, whose jobs were lost. */
    public TrialUnit lose(Collection<String> ids, TrialOrder.Lose order) {
        return change(ids, Set.of(), Map.of(), unit -> unit.obey(order));
    }

    /** Answers those of these trials that are still queued with the results that others have; by id of the trial the id of the other. */
    public TrialUnit reuse(Map<String, String> answers) {
        Map<String, Trial> results = store.trials(Set.copyOf(answers.values())).stream()
                .collect(Collectors.toMap(Trial::id, Function.identity()));
        return change(
                answers.keySet(),
                Set.of(),
                Map.of(),
                unit -> answers.forEach((id, other) ->
                        unit.obey(id, new TrialOrder.Reuse(Objects.requireNonNull(results.get(other))))));
    }

    /**
     * Notes that jobs were sent, except of trials that a trainer or a user changed meanwhile.
     *
     * @param sent by the ids of the trials
     * @param turns how far fair queueing got with their experiments
     */
    public TrialUnit sent(Map<String, TrialOrder.Dispatch> sent, Map<String, Double> turns) {
        return change(sent.keySet(), sent.keySet(), turns, unit -> sent.forEach(unit::obey));
    }

    /**
     * One transaction.
     *
     * @param beginning those of the trials that may be sent or granted in it
     */
    private TrialUnit change(
            Collection<String> ids,
            Collection<String> beginning,
            Map<String, Double> turns,
            Consumer<TrialUnit> decide) {
        Store.Locked locked = store.lock(ids.stream().map(Trial::ownerOf).collect(Collectors.toSet()));
        // Read after the locks were had: nobody changes these trials until the transaction ends.
        Store.Read read = store.read(ids, reusing(locked, beginning));
        TrialUnit unit = new TrialUnit(terms, locked.now(), locked.owners(), read.lives(), read.twins());
        decide.accept(unit);
        if (!unit.effects().isEmpty() || !turns.isEmpty()) {
            store.store(unit.changes().with(turns));
        }
        return unit;
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
