package pnas.orchestrator.life.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest.Observation;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.LeaseTerms;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.life.StageOutcome;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEvent;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.TrialTable;
import pnas.orchestrator.life.ranking.OpenStage;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Specification;

/**
 * What is done to experiments and their stages: the experiment is locked, it and the trials that an order concerns are read, it is decided, and what follows is
 * stored. Whether a stage has ended then follows from what is stored, without another look. Each method is part of one transaction of its store; what it returns is
 * to be told after the commit.
 */
public final class ExperimentTransactions {
    private final Store store;
    private final LeaseTerms terms;

    public ExperimentTransactions(Store store, LeaseTerms terms) {
        this.store = store;
        this.terms = terms;
    }

    /**
     * Begins an experiment: it, its first stage and, where those are all cells of one block, the trials of that stage.
     *
     * @param by the name of the account that begins it, absent where nobody was asked
     * @param traceparent the trace context under which it begins, absent where it is not traced
     */
    public Done create(String id, Specification specification, @Nullable String by, @Nullable String traceparent) {
        Instant now = store.now();
        return store(
                new ExperimentLife(Experiment.begun(id, specification, now), List.of()),
                ExperimentLife.begin(id, specification, now),
                new Changes.Birth(now, by, traceparent),
                now);
    }

    /**
     * Gives an experiment an order.
     *
     * @return empty where there is no such experiment
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS} where a person wants what its state forbids
     */
    public Optional<Done> order(String id, ExperimentOrder order) {
        return change(id, (search, now) -> search.life().obey(order, now));
    }

    /**
     * Has an experiment go on with more.
     *
     * @param raise reads what is wanted, where the experiment can be extended, from the experiment and what it has used
     * @return empty where there is no such experiment
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS} where its state forbids it
     */
    public Optional<Done> extend(String id, BiFunction<Experiment, Spent, Specification> raise) {
        return change(id, (search, now) -> {
            search.life().requireExtensible();
            Specification raised = raise.apply(search.life().experiment(), search.spent(now));
            return search.life().obey(new ExperimentOrder.Extend(raised), now);
        });
    }

    /**
     * Has what failed of an experiment tried again.
     *
     * @param cellId of the only trial that is tried again, absent for all that failed
     * @return empty where there is no such experiment
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS}, or {@link ErrorCode#NOT_FOUND} where it has no such trial
     */
    public Optional<Done> retry(String id, @Nullable String cellId) {
        return change(
                id,
                (search, now) -> search.life()
                        .obey(
                                new ExperimentOrder.Retry(cellId == null ? null : trial(id, cellId), search.spent(now)),
                                now));
    }

    private Trial trial(String experimentId, String cellId) {
        return store.read(List.of(Trial.idOf(experimentId, cellId)), List.of()).lives().stream()
                .map(TrialLife::trial)
                .findFirst()
                .orElseThrow(() -> new PnasException(
                        ErrorCode.NOT_FOUND, "experiment " + experimentId + " has no trial of a cell " + cellId));
    }

    /** Stops an experiment that has used up its budget. */
    public Done inspect(String id) {
        return change(id, (search, now) -> search.life().obey(new ExperimentOrder.Inspect(search.spent(now)), now))
                .orElse(Done.NOTHING);
    }

    // ---- rankings

    /**
     * What was taken.
     *
     * @param stage at whose request the caller is to work; absent where there is none
     */
    public record Taken(Done done, @Nullable OpenStage stage) {
        private static final Taken NOTHING = new Taken(Done.NOTHING, null);
    }

    /**
     * Takes the stage whose request waits longest for somebody. Nobody else takes it for a while.
     *
     * @param requestId of its request, where it has none yet
     */
    public Taken take(RankingTerms patience, UUID requestId) {
        Instant found = store.now();
        return store.choosing().stream()
                .filter(life -> life.due(patience, found).isPresent())
                .min(Comparator.comparing((ExperimentLife life) ->
                                life.due(patience, found).orElseThrow().times().createdAt())
                        .thenComparing(life -> life.experiment().id()))
                .map(life -> take(life.experiment().id(), patience, requestId))
                .orElse(Taken.NOTHING);
    }

    /** What was found without the lock may be over. */
    private Taken take(String id, RankingTerms patience, UUID requestId) {
        int[] taken = {0};
        Done done = change(id, (search, now) -> {
                    ExperimentLife life = search.life();
                    Stage due = life.due(patience, now).orElse(null);
                    if (due == null) {
                        return new ExperimentEffects(life, List.of(), Set.of());
                    }
                    taken[0] = due.number();
                    return life.obey(
                            new ExperimentOrder.OfStage(due.number(), new StageOrder.Take(patience, requestId)), now);
                })
                .orElse(Done.NOTHING);
        return new Taken(
                done,
                done.experiments().stream()
                        .map(ExperimentEffects::life)
                        .flatMap(life -> life.stages().stream()
                                .filter(stage -> stage.number() == taken[0]
                                        && !stage.state().isTerminal())
                                .map(stage -> open(life.experiment(), stage)))
                        .findFirst()
                        .orElse(null));
    }

    private OpenStage open(Experiment experiment, Stage stage) {
        List<Measured> measured = measured(experiment.id());
        return new OpenStage(
                experiment.id(),
                stage.number(),
                Objects.requireNonNull(stage.asking().requestId()),
                experiment.specification(),
                Measured.parents(measured, stage.number()),
                measured.stream()
                        .map(cell -> new Observation(cell.encoding(), cell.stage(), cell.accuracy()))
                        .toList());
    }

    /** Gives a stage that was taken an order; nothing where its request is another one by now. */
    public Done order(OpenStage open, StageOrder order) {
        return order(open.experimentId(), new ExperimentOrder.OfStage(open.stage(), order))
                .orElse(Done.NOTHING);
    }

    /**
     * Takes an answer; nothing where its request is unknown, was answered before, or its experiment is over.
     *
     * @throws PnasException for a ranking that does not answer its request; then nothing is changed
     */
    public Done hear(RankingAnswer answer) {
        return change(
                        answer.experimentId(),
                        (search, now) -> search.life().hear(answer, measured(answer.experimentId()), now))
                .orElse(Done.NOTHING);
    }

    /**
     * Takes a sign of life. Where nobody waits for the answer, its request is withdrawn.
     *
     * @throws PnasException for one that is not of its request; then nothing is changed
     */
    public Done hear(RankingMessage.SignOfLife sign) {
        return change(sign.experimentId(), (search, now) -> search.life().hear(sign, now))
                .orElseGet(() -> new Done(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(RankingProgress.withdrawn(
                                sign.requestId(), sign.experimentId(), "nobody asks for this ranking"))));
    }

    // ---- what all of them do

    private Optional<Done> change(String id, BiFunction<Store.Search, Instant, ExperimentEffects> decide) {
        Store.Locked locked = store.lock(Set.of(id));
        return store.search(id)
                .map(search -> store(search.life(), decide.apply(search, locked.now()), null, locked.now()));
    }

    /** Ends the stage of a locked experiment whose last trial is over; all that ended it is stored. */
    Done settle(String id, Instant now) {
        return settle(store.search(id).orElseThrow().life(), now);
    }

    private Done settle(ExperimentLife life, Instant now) {
        Stage over = life.over().orElse(null);
        return over == null
                ? Done.NOTHING
                : store(
                        life,
                        life.obey(new ExperimentOrder.EndStage(over.number(), outcome(life, over, now)), now),
                        null,
                        now);
    }

    private StageOutcome outcome(ExperimentLife life, Stage over, Instant now) {
        String id = life.experiment().id();
        List<Measured> measured = measured(id);
        return new StageOutcome(
                measured,
                // Asked for only where it is told.
                Measured.in(measured, over.number()).isEmpty() ? cause(id, over.number()) : null,
                Stage.Barrier.of(store.work(id, over.number()), now));
    }

    /** Every trial of an experiment that was trained or diverged, those that are set aside and repeats excepted, by stage and rank. */
    private List<Measured> measured(String id) {
        return store.chosen(id, EnumSet.of(TrialState.TRAINED, TrialState.DIVERGED)).stream()
                .filter(chosen -> chosen.trial().isOfSearch())
                .map(chosen -> Measured.of(chosen.trial(), chosen.cell()))
                .toList();
    }

    /** Why a trial of a stage has no accuracy, of several the one whose cell comes first. */
    private @Nullable String cause(String id, int stage) {
        return store.lives(id, Set.of(stage), EnumSet.of(TrialState.DIVERGED, TrialState.FAILED)).stream()
                .map(TrialLife::trial)
                .filter(trial -> !trial.setAside() && trial.cause() != null)
                .findFirst()
                .map(Trial::cause)
                .orElse(null);
    }

    /**
     * Stores what follows, and whatever follows from that.
     *
     * @param birth how it began, absent where it has long begun
     */
    private Done store(ExperimentLife before, ExperimentEffects effects, Changes.@Nullable Birth birth, Instant now) {
        ExperimentLife after = effects.life();
        TrialUnit unit = new TrialUnit(terms, now, Map.of(), concerned(after, effects), List.of());
        List<NewEvent> events = new ArrayList<>();
        effects.steps().forEach(step -> events.addAll(follow(after.experiment(), step, unit, now)));
        Changes changes = unit.changes().with(experiments(before, after, birth)).with(events);
        if (!changes.equals(Changes.NONE)) {
            store.store(changes);
        }
        return Done.of(effects, unit, List.of(changes)).then(settle(after.counting(changes.counts()), now));
    }

    private static Changes.Experiments experiments(
            ExperimentLife before, ExperimentLife after, Changes.@Nullable Birth birth) {
        Experiment head = after.experiment();
        Map<Integer, Stage> known =
                before.stages().stream().collect(Collectors.toMap(Stage::number, Function.identity()));
        Map<StageKey, Stage> stages = new HashMap<>();
        after.stages().stream()
                .filter(stage -> !stage.equals(known.get(stage.number())))
                .forEach(stage -> stages.put(new StageKey(head.id(), stage.number()), stage));
        return new Changes.Experiments(
                birth == null ? Map.of() : Map.of(head.id(), birth),
                birth == null && head.equals(before.experiment()) ? List.of() : List.of(head),
                stages,
                Map.of());
    }

    /** The trials that can obey one of the orders, or be chosen: no others are read. What becomes of them each of them decides itself. */
    private List<TrialLife> concerned(ExperimentLife life, ExperimentEffects effects) {
        Set<Integer> stages = new TreeSet<>();
        Set<TrialState> states = EnumSet.noneOf(TrialState.class);
        for (ExperimentEffects.Step step : effects.steps()) {
            switch (step) {
                case ExperimentEffects.Ordered(TrialOrder order, Set<Integer> of, String _) -> {
                    stages.addAll(of);
                    states.addAll(concerned(order));
                }
                case ExperimentEffects.Chosen(int stage, List<NewTrial> _) -> {
                    stages.add(stage);
                    states.addAll(EnumSet.allOf(TrialState.class));
                }
                case ExperimentEffects.Told _, ExperimentEffects.Ended _, ExperimentEffects.Withdrew _ -> {}
            }
        }
        return stages.isEmpty() ? List.of() : store.lives(life.experiment().id(), stages, states);
    }

    private static Set<TrialState> concerned(TrialOrder order) {
        return switch (order) {
            case TrialOrder.Cancel _ -> allowing(TrialEvent.CANCEL);
            case TrialOrder.Reopen _ -> allowing(TrialEvent.REOPEN);
            case TrialOrder.TryAgain _ -> allowing(TrialEvent.TRY_AGAIN);
            case TrialOrder.SetAside _,
                    TrialOrder.SetAsideRepeat _,
                    TrialOrder.Choose _,
                    TrialOrder.Dispatch _,
                    TrialOrder.Lose _,
                    TrialOrder.Expire _,
                    TrialOrder.Reuse _ -> EnumSet.allOf(TrialState.class);
        };
    }

    private static Set<TrialState> allowing(TrialEvent event) {
        return TrialTable.TABLE.transitions().stream()
                .filter(row -> row.event() == event)
                .map(row -> row.from())
                .collect(Collectors.toSet());
    }

    /** Does one step, and says what is told of it. */
    private static List<NewEvent> follow(
            Experiment experiment, ExperimentEffects.Step step, TrialUnit unit, Instant now) {
        int done = unit.effects().size();
        switch (step) {
            case ExperimentEffects.Told(NewEvent event) -> {
                return List.of(event);
            }
            case ExperimentEffects.Ordered(TrialOrder order, Set<Integer> stages, String trialId) -> {
                if (trialId == null) {
                    unit.obey(stages, order);
                } else {
                    unit.obey(trialId, order);
                }
            }
            case ExperimentEffects.Chosen(int stage, List<NewTrial> cells) ->
                cells.forEach(chosen -> unit.choose(
                        Trial.begun(experiment.id(), stage, chosen, experiment.specification(), now), chosen));
            case ExperimentEffects.Ended _, ExperimentEffects.Withdrew _ -> {}
        }
        return unit.effects().stream()
                .skip(done)
                .flatMap(each -> each.events().stream())
                .toList();
    }
}
