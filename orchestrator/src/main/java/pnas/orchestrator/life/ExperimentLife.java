package pnas.orchestrator.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.ExperimentEffects.Wake;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Confirm;
import pnas.orchestrator.specification.Specification;
import pnas.space.SearchSpace;
import pnas.statistics.Tally;

/**
 * An experiment with its stages, and everything that can happen to them: an order is obeyed, a predictor's answer is heard. Both are functions of nothing but
 * what they are given, and change nothing: what follows they return. Trials have a {@link TrialLife} of their own; what follows for them is given to them
 * as orders.
 *
 * @param stages those that exist, in their order
 */
public record ExperimentLife(Experiment experiment, List<Stage> stages) {
    public ExperimentLife {
        stages = List.copyOf(stages);
    }

    /** What follows where an experiment begins: it, its first stage and, where those are all cells of one block, the trials of that stage. */
    public static ExperimentEffects begin(String id, Specification specification, Instant now) {
        Turn turn = new Turn(new ExperimentLife(Experiment.begun(id, specification, now), List.of()), now);
        turn.begin();
        return turn.effects();
    }

    /**
     * What follows from an order.
     *
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS} where a person wants what its state forbids
     */
    public ExperimentEffects obey(ExperimentOrder order, Instant now) {
        Turn turn = new Turn(this, now);
        switch (order) {
            case ExperimentOrder.Pause() -> turn.pause();
            case ExperimentOrder.Resume() -> turn.resume();
            case ExperimentOrder.Cancel() -> turn.cancel();
            case ExperimentOrder.Extend(Specification raised) -> turn.extend(raised);
            case ExperimentOrder.Retry(Trial one, Spent spent) -> turn.retry(one, spent);
            case ExperimentOrder.Inspect(Spent spent) -> turn.inspect(spent);
            case ExperimentOrder.OfStage(int number, StageOrder of) -> turn.stage(number, of);
            case ExperimentOrder.EndStage(int number, StageOutcome outcome) -> turn.endStage(number, outcome);
        }
        return turn.effects();
    }

    /**
     * What follows from an answer to a ranking; nothing where its request is unknown, was answered before, or the experiment is over.
     *
     * @param measured every cell of the experiment that was trained or diverged so far
     * @throws PnasException for a ranking that does not answer its request
     */
    public ExperimentEffects hear(RankingAnswer answer, Collection<Measured> measured, Instant now) {
        Turn turn = new Turn(this, now);
        turn.answer(answer, measured);
        return turn.effects();
    }

    /**
     * What follows from a sign of life of a ranking: where nobody waits for the answer, its request is withdrawn.
     *
     * @throws PnasException for one that is not of its request
     */
    public ExperimentEffects hear(RankingMessage.SignOfLife sign, Instant now) {
        Turn turn = new Turn(this, now);
        turn.sign(sign);
        return turn.effects();
    }

    /** Whether what failed of an experiment in this state can be tried again. */
    public static boolean allowsRetry(ExperimentState state) {
        return ExperimentTable.TABLE.find(state, ExperimentEvent.RETRY).isPresent();
    }

    /** Whether a stage has ended without an accuracy: it ends in the same way again, however often the search goes on with it, unless what failed is tried again. */
    public static boolean measuredNothing(StageState stage, Tally counts) {
        return stage == StageState.CLOSED && counts.measured() + counts.cancelled() == 0;
    }

    /** The stage at whose request somebody is to work now. Those before it are done. */
    public Optional<Stage> due(RankingTerms terms, Instant now) {
        return experiment.state() == ExperimentState.RUNNING
                ? current().filter(stage -> life(stage).isDue(terms, now))
                : Optional.empty();
    }

    /** The stage whose trials are all over though it is not. */
    public Optional<Stage> over() {
        return current().filter(stage -> stage.allows(StageEvent.END) && !stage.isOpen());
    }

    /** The same after these changes of the trials of its stages. */
    public ExperimentLife counting(Map<StageKey, TrialCounts> changes) {
        return new ExperimentLife(
                experiment,
                stages.stream()
                        .map(stage -> stage.counting(
                                changes.getOrDefault(new StageKey(experiment.id(), stage.number()), TrialCounts.NONE)))
                        .toList());
    }

    /** The first stage that is not done. */
    private Optional<Stage> current() {
        return stages.stream().filter(stage -> stage.state() != StageState.DONE).findFirst();
    }

    private StageLife life(Stage stage) {
        return new StageLife(stage, experiment.specification());
    }

    /**
     * Nothing where it can be extended.
     *
     * @throws PnasException with {@link ErrorCode#STATE_FORBIDS} where it cannot
     */
    public void requireExtensible() {
        if (!experiment.allows(ExperimentEvent.EXTEND)) {
            throw forbidden("cannot be extended; one that is COMPLETED, STOPPED or FAILED can");
        }
    }

    private PnasException forbidden(String what) {
        return new PnasException(
                ErrorCode.STATE_FORBIDS,
                "experiment " + experiment.id() + " is " + experiment.state() + " and " + what);
    }

    /**
     * Why an experiment cannot go on, none of whose trials of a stage has an accuracy.
     *
     * @param first whether that is its first stage
     * @param firstCause why the first of them has none
     */
    static String nothingMeasured(boolean first, int stage, Tally counts, @Nullable String firstCause) {
        return String.format(
                Locale.ROOT,
                "%s could be trained: %s of the %s of stage %d%s",
                first ? "nothing" : "no cell of stage " + stage,
                counts.lost(),
                counts.trials() == 1 ? "1 trial" : counts.trials() + " trials",
                stage,
                firstCause == null ? "" : "; the first: " + firstCause);
    }

    /** One order or answer at work: the life as it becomes, and what follows. */
    private static final class Turn {
        private final Instant now;
        private final TreeMap<Integer, Stage> stages = new TreeMap<>();
        private final List<ExperimentEffects.Step> steps = new ArrayList<>();
        private final Set<Wake> wakes = EnumSet.noneOf(Wake.class);
        private Experiment experiment;

        Turn(ExperimentLife life, Instant now) {
            this.now = now;
            this.experiment = life.experiment();
            life.stages().forEach(this::keep);
        }

        ExperimentEffects effects() {
            return new ExperimentEffects(new ExperimentLife(experiment, List.copyOf(stages.values())), steps, wakes);
        }

        void begin() {
            Specification specification = experiment.specification();
            int first = specification.search().firstStage();
            tell(new Event.ExperimentCreated(specification.title().name()));
            if (specification.search().choosesIn(first)) {
                open(first);
                return;
            }
            List<NewTrial> all = new ArrayList<>();
            for (Cell cell : new SearchSpace(specification.search().operations()).firstStage()) {
                all.add(new NewTrial(cell, all.size() + 1, null));
            }
            keep(Stage.training(first, all.size(), now));
            train(first, all);
        }

        // ---- what people want

        void pause() {
            if (isWanted(ExperimentEvent.PAUSE, ExperimentState.PAUSED)) {
                move(ExperimentEvent.PAUSE, experiment.cause());
                tell(new Event.ExperimentPaused());
            }
        }

        void resume() {
            if (isWanted(ExperimentEvent.RESUME, ExperimentState.RUNNING)) {
                requireSomethingMeasured(Set.of());
                boolean over = experiment.state().isTerminal();
                move(ExperimentEvent.RESUME, null);
                tell(new Event.ExperimentResumed());
                if (over) {
                    List.copyOf(stages.values()).forEach(this::reopen);
                    goOn();
                }
                wakes.addAll(EnumSet.allOf(Wake.class));
            }
        }

        void cancel() {
            if (isWanted(ExperimentEvent.CANCEL, ExperimentState.CANCELLED)) {
                end(ExperimentEvent.CANCEL, null, new Event.ExperimentCancelled());
            }
        }

        /** Not where it is so already; refused where it cannot become so. */
        private boolean isWanted(ExperimentEvent event, ExperimentState target) {
            if (experiment.state() == target) {
                return false;
            }
            if (!experiment.allows(event)) {
                throw forbidden("cannot become " + target);
            }
            return true;
        }

        private PnasException forbidden(String what) {
            return new ExperimentLife(experiment, List.of()).forbidden(what);
        }

        /**
         * Not where a stage {@linkplain #measuredNothing measured nothing}.
         *
         * @param other stages that will have other cells
         */
        private void requireSomethingMeasured(Set<Integer> other) {
            for (Stage stage : stages.values()) {
                Tally counts = stage.counts();
                if (stage.times().trainingSince() != null
                        && measuredNothing(stage.state(), counts)
                        && !other.contains(stage.number())) {
                    throw forbidden("cannot go on: no trial of stage " + stage.number()
                            + " has an accuracy; retry those that failed");
                }
            }
        }

        /**
         * Goes on as if it had been created with what is raised now. A larger beam has the stages choose anew that chose before: what they trained stays, and
         * what they do not choose again is set aside.
         */
        void extend(Specification raised) {
            new ExperimentLife(experiment, List.of()).requireExtensible();
            boolean widened = raised.search().cells()
                    > experiment.specification().search().cells();
            requireSomethingMeasured(stages.keySet().stream()
                    .filter(number -> widened && raised.search().choosesIn(number))
                    .collect(Collectors.toSet()));
            experiment = experiment.with(raised);
            move(ExperimentEvent.EXTEND, null);
            tell(new Event.ExperimentExtended(
                    raised.search().blocks(), raised.search().cells(), raised.budget()));
            Set<Integer> confirmNoMore = stages.values().stream()
                    .filter(stage ->
                            stage.trials().repeats() > 0 && raised.search().confirmsIn(stage.number()) == null)
                    .map(Stage::number)
                    .collect(Collectors.toSet());
            if (!confirmNoMore.isEmpty()) {
                order(new TrialOrder.SetAsideRepeat(), confirmNoMore);
            }
            for (Stage stage : List.copyOf(stages.values())) {
                if (widened && raised.search().choosesIn(stage.number()) && stage.allows(StageEvent.CHOOSE_ANEW)) {
                    chooseAnew(stage);
                } else {
                    reopen(stage);
                }
            }
            goOn();
        }

        private void chooseAnew(Stage stage) {
            withdraw(stage, "the stage chooses its cells anew");
            keep(stage.after(StageEvent.CHOOSE_ANEW, now));
            order(new TrialOrder.SetAside(), Set.of(stage.number()));
        }

        /**
         * Has what failed tried again, as an extension of what is measured: the stages after it choose anew. What they trained stays, and what they do not choose
         * again is set aside.
         */
        void retry(@Nullable Trial one, Spent spent) {
            requireRetryable(one, spent);
            Set<Integer> failed = one == null
                    ? stages.values().stream()
                            .filter(stage -> stage.counts().failed() > 0)
                            .map(Stage::number)
                            .collect(Collectors.toSet())
                    : Set.of(one.subject().stage());
            if (failed.isEmpty()) {
                throw forbidden("has no trial that failed");
            }
            int first = Collections.min(failed);
            move(ExperimentEvent.RETRY, null);
            tell(new Event.ExperimentRetried(first));
            for (Stage stage : List.copyOf(stages.values())) {
                int number = stage.number();
                if (number < first) {
                    continue;
                }
                if (failed.contains(number)) {
                    steps.add(new ExperimentEffects.Ordered(
                            new TrialOrder.TryAgain(), Set.of(number), one == null ? null : one.id()));
                }
                if (number == first) {
                    if (stage.allows(StageEvent.REOPEN)) {
                        keep(stage.after(StageEvent.REOPEN, now));
                    }
                } else {
                    // What is out of it, and what is tried again, waits until it is chosen again.
                    order(new TrialOrder.Cancel("stage " + number + " chooses its cells anew"), Set.of(number));
                    chooseAnew(stage);
                }
            }
            goOn();
        }

        private void requireRetryable(@Nullable Trial one, Spent spent) {
            if (!experiment.allows(ExperimentEvent.RETRY)) {
                throw forbidden("what failed of it cannot be tried again; of one that is RUNNING, PAUSED, COMPLETED or"
                        + " FAILED it can");
            }
            spent.reaching(experiment.specification().budget()).ifPresent(reached -> {
                throw forbidden("has nothing left to try again with: " + reached.field() + " " + reached.message());
            });
            if (one != null && one.setAside()) {
                throw new PnasException(
                        ErrorCode.STATE_FORBIDS, "trial " + one.id() + " is set aside and cannot be tried again");
            }
            if (one != null && !one.allows(TrialEvent.TRY_AGAIN)) {
                throw new PnasException(
                        ErrorCode.STATE_FORBIDS,
                        "trial " + one.id() + " is " + one.state()
                                + " and cannot be tried again; one that is FAILED can");
            }
        }

        /** An answer that came while a stage was closed was not taken: what had not chosen its cells asks for a ranking anew, as often as at first. */
        private void reopen(Stage stage) {
            if (stage.state() == StageState.CLOSED) {
                keep(stage.after(
                        stage.times().trainingSince() == null ? StageEvent.CHOOSE_ANEW : StageEvent.REOPEN, now));
            }
        }

        private void goOn() {
            order(new TrialOrder.Reopen(), stages.keySet());
            Stage last = stages.lastEntry().getValue();
            if (last.state() == StageState.DONE
                    && last.number() < experiment.specification().search().blocks()) {
                open(last.number() + 1);
            }
            wakes.addAll(EnumSet.allOf(Wake.class));
        }

        // ---- what time and its trials bring

        void inspect(Spent spent) {
            if (experiment.allows(ExperimentEvent.SPEND)) {
                spent.reaching(experiment.specification().budget())
                        .map(reached -> reached.field() + " " + reached.message())
                        .ifPresent(cause -> end(ExperimentEvent.SPEND, cause, new Event.ExperimentStopped(cause)));
            }
        }

        void endStage(int number, StageOutcome outcome) {
            Stage stage = Objects.requireNonNull(stages.get(number), "a stage that has trials");
            if (!stage.allows(StageEvent.END) || stage.isOpen()) {
                return;
            }
            Specification specification = experiment.specification();
            List<Measured> measured = Measured.in(outcome.measured(), number);
            if (stage.state() == StageState.CONFIRMING) {
                done(stage, measured.size());
                return;
            }
            if (stage.counts().trained() > 0) {
                keep(stage.with(outcome.barrier()));
                steps.add(new ExperimentEffects.Ended(number, outcome.barrier()));
            }
            if (measured.isEmpty()) {
                fail(nothingMeasured(
                        number == specification.search().firstStage(), number, stage.counts(), outcome.firstCause()));
                return;
            }
            Stage over = Objects.requireNonNull(stages.get(number));
            over = specification.search().ranksIn(number) ? over.with(PredictionQuality.of(measured)) : over;
            Confirm confirm = specification.search().confirmsIn(number);
            if (confirm == null) {
                done(over, measured.size());
            } else {
                confirm(confirm, over, outcome.measured());
            }
        }

        private void done(Stage stage, int measured) {
            int number = stage.number();
            keep(stage.after(StageEvent.END, now));
            tell(new Event.StageDone(number, measured));
            if (number == experiment.specification().search().blocks()) {
                move(ExperimentEvent.COMPLETE, null);
                tell(new Event.ExperimentCompleted());
            } else {
                open(number + 1);
            }
        }

        /** Has the best cells trained under other seeds. Those that were confirmed before, and are not among the best any more, are set aside. */
        private void confirm(Confirm confirm, Stage stage, Collection<Measured> measured) {
            int number = stage.number();
            int cells = Math.toIntExact(stage.counts().trials() - stage.trials().repeats());
            List<NewTrial> repeats = Confirmation.repeats(confirm, number, measured, cells + 1);
            keep(stage.after(StageEvent.CONFIRM, now));
            if (stage.trials().repeats() > 0) {
                order(new TrialOrder.SetAsideRepeat(), Set.of(number));
            }
            steps.add(new ExperimentEffects.Chosen(number, repeats));
            tell(new Event.StageConfirming(number, repeats.size() / confirm.seeds(), repeats.size()));
            wakes.add(Wake.DISPATCH);
        }

        /** Has a stage choose its cells. It exists already where the experiment goes on after its end. */
        private void open(int number) {
            stages.computeIfAbsent(number, _ -> Stage.expanding(number, now));
            tell(new Event.StageExpanding(number));
            wakes.add(Wake.OPEN_STAGE);
        }

        // ---- how a stage comes to its cells

        void stage(int number, StageOrder order) {
            Stage stage = stages.get(number);
            boolean goesOn = order instanceof StageOrder.Take
                    ? experiment.state() == ExperimentState.RUNNING && isNext(number)
                    : !experiment.state().isTerminal();
            if (stage != null && goesOn) {
                follow(stage, life(stage).obey(order, now));
            }
        }

        private boolean isNext(int number) {
            return stages.headMap(number).values().stream().allMatch(before -> before.state() == StageState.DONE);
        }

        void answer(RankingAnswer answer, Collection<Measured> measured) {
            if (!experiment.state().isTerminal()) {
                for (Stage stage : List.copyOf(stages.values())) {
                    follow(stage, life(stage).hear(answer, measured, now));
                }
            }
        }

        void sign(RankingMessage.SignOfLife sign) {
            if (experiment.state().isTerminal()
                    || stages.values().stream().noneMatch(stage -> stage.awaits(sign.requestId()))) {
                withdraw(sign.requestId(), "nobody waits for the answer");
                return;
            }
            for (Stage stage : List.copyOf(stages.values())) {
                follow(stage, life(stage).hear(sign, now));
            }
        }

        private StageLife life(Stage stage) {
            return new StageLife(stage, experiment.specification());
        }

        private void follow(Stage before, StageLife.Effects effects) {
            Stage stage = effects.stage();
            keep(stage);
            if (effects.failure() != null) {
                fail(effects.failure());
            }
            if (effects.asked()) {
                tell(new Event.StageRanking(
                        stage.number(),
                        Objects.requireNonNull(stage.candidates()),
                        stage.asking().tries()));
            }
            RankingProgress progress = stage.asking().progress();
            if (progress != null && progress.isNews(before.asking().progress())) {
                tell(new Event.StageScored(
                        stage.number(),
                        Objects.requireNonNull(stage.candidates()),
                        progress.scored(),
                        progress.waits()));
            }
            if (effects.cells() != null) {
                train(stage.number(), effects.cells());
            }
            if (stage.state() == StageState.RANKING
                    && stage.asking().sentAt() == null
                    && before.asking().sentAt() != null) {
                wakes.add(Wake.OPEN_STAGE);
            }
        }

        private void train(int number, List<NewTrial> cells) {
            steps.add(new ExperimentEffects.Chosen(number, cells));
            tell(new Event.StageTraining(number, cells.size()));
            wakes.add(Wake.DISPATCH);
        }

        // ---- what several of them do

        private void fail(String cause) {
            if (experiment.allows(ExperimentEvent.FAIL)) {
                end(ExperimentEvent.FAIL, cause, new Event.ExperimentFailed(cause));
            }
        }

        /** Ends it before its last stage is done: what is open of it is cancelled, and its stages are closed. */
        private void end(ExperimentEvent event, @Nullable String cause, Event.OfExperiment told) {
            move(event, cause);
            String what = experiment.state().name().toLowerCase(Locale.ROOT);
            order(new TrialOrder.Cancel("the experiment is " + what), stages.keySet());
            for (Stage stage : List.copyOf(stages.values())) {
                if (stage.allows(StageEvent.CLOSE)) {
                    withdraw(stage, "the experiment is " + what);
                    keep(stage.after(StageEvent.CLOSE, now));
                }
            }
            tell(told);
        }

        /** Tells predictors that nobody waits any more for the ranking of a stage. */
        private void withdraw(Stage stage, String reason) {
            UUID requestId = stage.asking().requestId();
            if (requestId != null && stage.awaits(requestId)) {
                withdraw(requestId, reason);
            }
        }

        private void withdraw(UUID requestId, String reason) {
            steps.add(new ExperimentEffects.Withdrew(RankingProgress.withdrawn(requestId, experiment.id(), reason)));
        }

        private void move(ExperimentEvent event, @Nullable String cause) {
            experiment = experiment.after(event, cause, now);
        }

        private void keep(Stage stage) {
            stages.put(stage.number(), stage);
        }

        private void order(TrialOrder order, Set<Integer> numbers) {
            steps.add(new ExperimentEffects.Ordered(order, numbers, null));
        }

        private void tell(Event event) {
            steps.add(new ExperimentEffects.Told(new NewEvent(experiment.id(), null, event)));
        }
    }
}
