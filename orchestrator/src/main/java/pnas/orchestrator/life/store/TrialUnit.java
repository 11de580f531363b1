package pnas.orchestrator.life.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.Usage;

/**
 * What one transaction does to trials whose experiments it has locked: one message or order after the other, each on what those before it left. So the last
 * training of a budget is granted once, and asking the table for a transition is the compare-and-set.
 */
public final class TrialUnit {
    private final LeaseTerms terms;
    private final Instant now;
    private final Map<String, Owner> owners;
    private final Map<String, TrialLife> before = new LinkedHashMap<>();
    private final Map<String, TrialLife> lives;
    private final List<Trial> others;
    private final List<Changes.Chosen> chosen = new ArrayList<>();
    private final List<TrialEffects> effects = new ArrayList<>();

    /**
     * @param owners the locked experiments by their ids; those of trials that are only given orders which ask for no owner may be left out
     * @param lives the trials, as they were read under those locks
     * @param others trials that are out and train the same as one of them, as they were read while nobody could claim another one of that training key
     */
    public TrialUnit(
            LeaseTerms terms,
            Instant now,
            Map<String, Owner> owners,
            Collection<TrialLife> lives,
            Collection<Trial> others) {
        this.terms = terms;
        this.now = now;
        this.owners = new HashMap<>(owners);
        this.others = List.copyOf(others);
        lives.forEach(life -> this.before.put(life.trial().id(), life));
        this.lives = new LinkedHashMap<>(before);
    }

    /**
     * Has a stage train a cell. Where it had the cell before, its trial is chosen again.
     *
     * @param trial what becomes of it where there was none
     */
    public void choose(Trial trial, NewTrial cell) {
        boolean born = !lives.containsKey(trial.id());
        chosen.add(new Changes.Chosen(trial.id(), cell, born));
        if (born) {
            lives.put(trial.id(), new TrialLife(trial, List.of()));
        } else {
            obey(trial.id(), new TrialOrder.Choose());
        }
    }

    /** Does what a trainer's message asks for; nothing where the trial is unknown. */
    public void hear(TrainingProgress message) {
        TrialLife life = lives.get(message.attempt().trialId());
        if (life != null) {
            Owner owner = Objects.requireNonNull(owner(life), "an experiment that owns trials");
            keep(life, besideItsTwin(life).hear(message, owner, terms, now));
        }
    }

    /** Gives one trial an order; nothing where the trial is unknown. */
    public void obey(String trialId, TrialOrder order) {
        TrialLife life = lives.get(trialId);
        if (life != null && (!(order instanceof TrialOrder.Reuse) || isDispatching(owner(life)))) {
            keep(life, besideItsTwin(life).obey(order, terms, now));
        }
    }

    /** Gives every trial an order. */
    public void obey(TrialOrder order) {
        List.copyOf(lives.keySet()).forEach(id -> obey(id, order));
    }

    /** Gives every trial of these stages an order. */
    void obey(Set<Integer> stages, TrialOrder order) {
        List.copyOf(lives.values()).stream()
                .map(TrialLife::trial)
                .filter(trial -> stages.contains(trial.subject().stage()))
                .forEach(trial -> obey(trial.id(), order));
    }

    private static boolean isDispatching(@Nullable Owner owner) {
        return owner != null && owner.dispatching();
    }

    private @Nullable Owner owner(TrialLife life) {
        return owners.get(life.trial().subject().experimentId());
    }

    /** The twin may be among the others, or have been granted a claim in this transaction. */
    private TrialLife besideItsTwin(TrialLife life) {
        Owner owner = owner(life);
        Trial twin = owner == null || !owner.reuse()
                ? null
                : Stream.concat(others.stream(), lives.values().stream().map(TrialLife::trial))
                        .filter(other -> other.isTwinOf(life.trial()) && other.isOut())
                        .findFirst()
                        .orElse(null);
        return new TrialLife(life.trial(), life.attempts(), twin);
    }

    private void keep(TrialLife before, TrialEffects after) {
        lives.put(after.life().trial().id(), after.life());
        effects.add(after);
        int granted = granted(after.life()) - granted(before);
        owners.computeIfPresent(after.life().trial().subject().experimentId(), (_, owner) -> owner.charged(granted));
    }

    private static int granted(TrialLife life) {
        return (int) life.attempts().stream().filter(Attempt::granted).count();
    }

    /** The trials and their attempts as they are now. */
    public Collection<TrialLife> lives() {
        return List.copyOf(lives.values());
    }

    /** What followed from each message and order, in their order. */
    public List<TrialEffects> effects() {
        return List.copyOf(effects);
    }

    /** One kind of effects of all messages and orders together, in their order. */
    public <T> List<T> all(Function<TrialEffects, List<T>> kind) {
        return effects.stream().flatMap(each -> kind.apply(each).stream()).toList();
    }

    /** What is different now, and what is new. */
    public Changes changes() {
        List<Trial> trials = new ArrayList<>();
        List<Attempt> begun = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        lives.forEach((id, life) -> {
            TrialLife former = before.get(id);
            if (former == null || !life.trial().equals(former.trial())) {
                trials.add(life.trial());
            }
            Map<Attempt.Key, Attempt> known = former == null
                    ? Map.of()
                    : former.attempts().stream().collect(Collectors.toMap(Attempt::key, Function.identity()));
            for (Attempt attempt : life.attempts()) {
                Attempt was = known.get(attempt.key());
                if (was == null) {
                    begun.add(attempt);
                } else if (!was.equals(attempt)) {
                    attempts.add(attempt);
                }
            }
        });
        return new Changes(
                Changes.Experiments.NONE,
                chosen,
                trials,
                begun,
                attempts,
                counts(),
                usage(),
                all(TrialEffects::epochs),
                all(TrialEffects::events));
    }

    private Map<StageKey, TrialCounts> counts() {
        Map<StageKey, TrialCounts> changes = new HashMap<>();
        lives.forEach((id, life) -> {
            TrialLife former = before.get(id);
            Trial trial = life.trial();
            changes.merge(
                    new StageKey(trial.subject().experimentId(), trial.subject().stage()),
                    TrialCounts.change(former == null ? null : former.trial(), trial),
                    TrialCounts::plus);
        });
        changes.values().removeIf(TrialCounts.NONE::equals);
        return changes;
    }

    private Map<String, Usage> usage() {
        Map<String, Usage> changes = new HashMap<>();
        lives.forEach((id, life) -> changes.merge(
                life.trial().subject().experimentId(),
                Usage.change(before.getOrDefault(id, new TrialLife(life.trial(), List.of())), life),
                Usage::plus));
        changes.values().removeIf(Usage.NONE::equals);
        return changes;
    }

    /** The stages in which a trial has ended. */
    public Set<StageKey> touchedStages() {
        return effects.stream()
                .filter(TrialEffects::over)
                .map(each -> each.life().trial().subject())
                .map(subject -> new StageKey(subject.experimentId(), subject.stage()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether something happened after which more may be dispatched. */
    public boolean roomToDispatch() {
        return effects.stream().anyMatch(TrialEffects::roomToDispatch);
    }
}
