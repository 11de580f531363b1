package pnas.orchestrator.life;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.message.DataSet;
import pnas.message.PredictorName;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.TrainingSettings;
import pnas.network.Layout;
import pnas.orchestrator.specification.Budget;
import pnas.orchestrator.specification.Confirm;
import pnas.orchestrator.specification.Execution;
import pnas.orchestrator.specification.NetworkShape;
import pnas.orchestrator.specification.Ranking;
import pnas.orchestrator.specification.Search;
import pnas.orchestrator.specification.Share;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.specification.Strategy;
import pnas.orchestrator.specification.Title;
import pnas.space.SearchSpace;

/** Searches for tests: of two blocks, with the beam 2 and one operation, so that stage 1 has three cells. Stage 1 is done, and one of its trials failed. */
public final class Searches {
    static final Instant NOW = Lives.NOW;
    static final UUID REQUEST = new UUID(0, 'R');
    static final UUID OTHER = new UUID(0, 'X');
    static final RankingTerms PATIENT = new RankingTerms(Duration.ofSeconds(60), 4, Duration.ofSeconds(120));
    static final RankingTerms IMPATIENT = new RankingTerms(Duration.ofSeconds(20), 4, Duration.ofSeconds(120));
    static final RankingTerms ONCE = new RankingTerms(Duration.ofSeconds(20), 0, Duration.ofSeconds(120));
    static final TrialCounts TRAINED = new TrialCounts(Map.of(TrialKind.TRAINED, 2L));
    private static final Instant EARLIER = NOW.minusSeconds(30);

    private Searches() {}

    public static Specification specification(int blocks, int beam, Budget budget, Strategy strategy) {
        return new Specification(
                new Title("a search", null),
                DataSet.digits(0),
                new Search(List.of(Operation.IDENTITY), blocks, beam, strategy, 0, null),
                new NetworkShape(Layout.Kind.CIFAR, 1, 8),
                TrainingSettings.DEFAULT,
                new Ranking(PredictorName.GP, null),
                new Execution(Engine.TORCH, /* reuse= */ true, null),
                Share.USUAL,
                budget,
                5);
    }

    /** The same with more cells: so many in each stage. */
    public static Specification raised(Specification present, int blocks, int beam, Budget budget) {
        Search search = present.search();
        return present.with(
                search.strategy() instanceof Strategy.RandomCells
                        ? search.with(blocks, search.beam(), new Strategy.RandomCells(beam))
                        : search.with(blocks, beam, search.strategy()),
                budget);
    }

    public static Specification specification() {
        return specification(2, 2, Budget.UNLIMITED, new Strategy.Progressive());
    }

    /** The same search, which confirms its winners. */
    static Specification confirming(int cells, int seeds) {
        Specification like = specification();
        Search search = like.search();
        return like.with(
                new Search(
                        search.operations(),
                        search.blocks(),
                        search.beam(),
                        search.strategy(),
                        0,
                        new Confirm(cells, seeds)),
                like.budget());
    }

    public static List<Cell> oneBlock() {
        return new SearchSpace(List.of(Operation.IDENTITY)).firstStage();
    }

    /** An experiment in a state; its second stage is as far as that state lets it. */
    static ExperimentLife in(ExperimentState state) {
        return switch (state) {
            case RUNNING, PAUSED -> of(state, stage(2, StageState.TRAINING));
            case COMPLETED -> of(state, stage(2, StageState.DONE));
            case STOPPED, CANCELLED -> of(state, stage(2, StageState.CLOSED));
            case FAILED -> of(state, unranked());
        };
    }

    /** An experiment that runs, and its second stage in a state. */
    static ExperimentLife at(StageState state) {
        return of(ExperimentState.RUNNING, stage(2, state));
    }

    static ExperimentLife of(ExperimentState state, Stage second) {
        return new ExperimentLife(experiment(state, specification()), List.of(stage(1, StageState.DONE), second));
    }

    static Experiment experiment(ExperimentState state, Specification specification) {
        return new Experiment(
                Lives.EXPERIMENT,
                state,
                state == ExperimentState.STOPPED || state == ExperimentState.FAILED ? "a cause" : null,
                specification,
                10,
                state == ExperimentState.RUNNING ? EARLIER : null,
                state.isTerminal() ? EARLIER : null);
    }

    static Stage stage(int number, StageState state) {
        TrialCounts counts = switch (state) {
            case EXPANDING, RANKING -> TrialCounts.NONE;
            case TRAINING, CONFIRMING, DONE ->
                number == 1 ? new TrialCounts(Map.of(TrialKind.TRAINED, 2L, TrialKind.FAILED, 1L)) : TRAINED;
            case CLOSED -> new TrialCounts(Map.of(TrialKind.TRAINED, 1L, TrialKind.CANCELLED, 1L));
        };
        boolean chosen = state.hasChosen();
        return new Stage(
                number,
                state,
                5L,
                switch (state) {
                    // Somebody took it and died.
                    case EXPANDING -> new Stage.Asking(REQUEST, 0, null, NOW.minusSeconds(1), null);
                    case RANKING, TRAINING, CONFIRMING, DONE, CLOSED ->
                        new Stage.Asking(REQUEST, 1, EARLIER, null, null);
                },
                null,
                null,
                null,
                new Stage.Times(EARLIER.minusSeconds(60), chosen ? EARLIER : null, state.isTerminal() ? EARLIER : null),
                counts);
    }

    /** The same with other trials. */
    static Stage counted(Stage stage, Map<TrialKind, Long> trials) {
        return new Stage(
                stage.number(),
                stage.state(),
                stage.candidates(),
                stage.asking(),
                null,
                null,
                null,
                stage.times(),
                new TrialCounts(trials));
    }

    /** A trial of a stage. */
    static Trial trial(int stage, TrialState state) {
        Trial like = Lives.in(state).trial();
        Trial.Subject subject = like.subject();
        return new Trial(
                new Trial.Subject(
                        subject.id(),
                        subject.experimentId(),
                        stage,
                        subject.cellId(),
                        subject.repeat(),
                        subject.trainingSeed(),
                        subject.trainingKey()),
                like.standing(),
                like.tries(),
                like.queuedAt(),
                like.sent(),
                like.worker(),
                like.cause(),
                like.setAside());
    }

    /** One that was closed before it had its cells. */
    private static Stage unranked() {
        Stage closed = stage(2, StageState.CLOSED);
        return new Stage(
                2,
                StageState.CLOSED,
                5L,
                closed.asking(),
                null,
                null,
                null,
                new Stage.Times(closed.times().createdAt(), null, EARLIER),
                TrialCounts.NONE);
    }

    /** What is known when the last trial of the second stage is over. */
    static StageOutcome outcome(@Nullable Double accuracy) {
        Cell two = Cell.parse("identity(c-1)+identity(c-1) | identity(b1)+identity(c-1)");
        return new StageOutcome(
                List.of(measured(oneBlock().getFirst(), 1, 0.5), measured(two, 2, accuracy)),
                "a cause",
                new Stage.Barrier(3, 40));
    }

    static Measured measured(Cell cell, int stage, @Nullable Double accuracy) {
        return new Measured(cell, cell, stage, null, accuracy);
    }

    static List<Measured> stageOne() {
        return oneBlock().stream().map(cell -> measured(cell, 1, 0.5)).toList();
    }

    static RankingAnswer.Ranked ranked(UUID request, int candidates) {
        return new RankingAnswer.Ranked(
                1,
                request,
                Lives.EXPERIMENT,
                candidates,
                oneBlock().stream()
                        .limit(2)
                        .map(cell -> new RankingAnswer.Scored(
                                Cell.parse(cell.text() + " | identity(c-1)+identity(c-1)"), 0.7))
                        .toList(),
                new RankingAnswer.Histogram(0, 1, List.of(candidates)),
                null,
                0.1);
    }

    static RankingAnswer.Failed failed(ErrorCode code) {
        return new RankingAnswer.Failed(1, REQUEST, Lives.EXPERIMENT, code, "as the test wants it");
    }

    static RankingMessage.SignOfLife sign(UUID request) {
        return new RankingMessage.SignOfLife(1, request, Lives.EXPERIMENT, /* waits= */ false, 3, 5, 12.5);
    }

    /** Everything that follows, in words: what is not said did not happen. */
    static String said(ExperimentLife before, ExperimentEffects effects) {
        StringJoiner words = new StringJoiner(" ").setEmptyValue("nothing");
        ExperimentLife after = effects.life();
        if (after.experiment().state() != before.experiment().state()) {
            words.add(after.experiment().state().name());
        }
        Map<Integer, Stage> stages = before.stages().stream().collect(Collectors.toMap(Stage::number, stage -> stage));
        after.stages().forEach(stage -> stage(stages.get(stage.number()), stage, words));
        effects.steps().stream()
                .filter(step -> !(step instanceof ExperimentEffects.Ended))
                .forEach(step -> words.add(step(step)));
        effects.wakes().stream().sorted().forEach(wake -> words.add("wake-" + wake));
        return words.toString();
    }

    private static void stage(@Nullable Stage before, Stage after, StringJoiner words) {
        if (before == null) {
            words.add("+" + after.number() + ":" + after.state());
            return;
        }
        StringJoiner changes = new StringJoiner(",", after.number() + ":", "").setEmptyValue("");
        if (after.state() != before.state()) {
            changes.add(after.state().name());
        }
        if (before.asking().requestId() != null && after.asking().requestId() == null) {
            changes.add("anew");
        } else {
            if (after.asking().tries() != before.asking().tries()) {
                changes.add("try=" + after.asking().tries());
            }
            if (before.asking().sentAt() != null && after.asking().sentAt() == null) {
                changes.add("due");
            }
            if (!Objects.equals(after.asking().progress(), before.asking().progress())) {
                changes.add("heard");
            }
            Instant until = after.asking().workingUntil();
            if (until != null && !until.equals(before.asking().workingUntil())) {
                changes.add("taken");
            }
            if (until == null && before.asking().workingUntil() != null && after.state() == before.state()) {
                changes.add("free");
            }
        }
        if (after.candidates() != null && !after.candidates().equals(before.candidates())) {
            changes.add("of=" + after.candidates());
        }
        if (after.barrier() != null && !after.barrier().equals(before.barrier())) {
            changes.add("barrier");
        }
        if (changes.length() > 0) {
            words.add(changes.toString());
        }
    }

    private static String step(ExperimentEffects.Step step) {
        return switch (step) {
            case ExperimentEffects.Told(NewEvent event) -> "!" + event.type();
            case ExperimentEffects.Ordered(TrialOrder order, var stages, String trialId) ->
                order.getClass().getSimpleName().replace("SetAside", "Aside")
                        + (trialId == null
                                ? stages.stream()
                                        .sorted()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(",", "(", ")"))
                                : "(one)");
            case ExperimentEffects.Chosen(int stage, List<NewTrial> cells) -> "cells(" + stage + ")=" + cells.size();
            case ExperimentEffects.Withdrew _ -> "withdrawn";
            case ExperimentEffects.Ended _ -> "";
        };
    }
}
