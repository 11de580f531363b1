package pnas.orchestrator.life;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.orchestrator.life.ranking.AnswerCheck;
import pnas.orchestrator.life.ranking.DrawnCells;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Specification;
import pnas.space.SearchSpace;

/**
 * A stage on its way to its cells: an order is obeyed, a predictor's answer is heard. Both are functions of nothing but what they are given. The experiment
 * asks only while it goes on.
 *
 * @param specification of its experiment
 */
record StageLife(Stage stage, Specification specification) {
    /**
     * What follows.
     *
     * @param stage as it is now
     * @param cells that it trains, absent where it has not chosen
     * @param asked whether its request was sent
     * @param failure why its experiment cannot go on, for a person; absent where it can
     */
    record Effects(
            Stage stage,
            @Nullable List<NewTrial> cells,
            boolean asked,
            @Nullable String failure) {
        static Effects of(Stage stage) {
            return new Effects(stage, null, /* asked= */ false, null);
        }
    }

    /** Whether somebody is to work at its request now. */
    boolean isDue(RankingTerms terms, Instant now) {
        Stage.Asking asking = stage.asking();
        boolean free = asking.workingUntil() == null || asking.workingUntil().isBefore(now);
        return free
                && switch (stage.state()) {
                    case EXPANDING -> true;
                    case RANKING -> terms.verdict(asking, now) != RankingTerms.Verdict.WAIT;
                    case TRAINING, CONFIRMING, DONE, CLOSED -> false;
                };
    }

    /** What follows from an order. */
    Effects obey(StageOrder order, Instant now) {
        return switch (order) {
            case StageOrder.Take(RankingTerms terms, UUID requestId) -> take(terms, requestId, now);
            case StageOrder.Expanded(UUID requestId, long candidates) ->
                Effects.of(isFor(requestId) && stage.allows(StageEvent.ASK) ? stage.withCandidates(candidates) : stage);
            case StageOrder.Asked(UUID requestId) ->
                isFor(requestId) && stage.allows(StageEvent.ASK)
                        ? new Effects(stage.after(StageEvent.ASK, now), null, /* asked= */ true, null)
                        : Effects.of(stage);
            case StageOrder.GiveBack(UUID requestId) ->
                Effects.of(isFor(requestId) ? stage.with(stage.asking().free()) : stage);
            case StageOrder.Draw(UUID requestId) ->
                isFor(requestId) && stage.allows(StageEvent.DRAW) ? draw(now) : Effects.of(stage);
        };
    }

    /** The request of a stage that chooses anew is another one: what was worked at for the former does not count. */
    private boolean isFor(UUID requestId) {
        return requestId.equals(stage.asking().requestId());
    }

    private Effects take(RankingTerms terms, UUID requestId, Instant now) {
        Stage.Asking asking = stage.asking();
        if (!isDue(terms, now)) {
            return Effects.of(stage);
        }
        if (stage.state() == StageState.RANKING && terms.verdict(asking, now) == RankingTerms.Verdict.GIVE_UP) {
            return new Effects(
                    stage,
                    null,
                    /* asked= */ false,
                    "no predictor ranked the candidates of stage " + stage.number() + ", though asked " + asking.tries()
                            + " times");
        }
        UUID id = asking.requestId() == null ? requestId : asking.requestId();
        return Effects.of(stage.with(asking.taken(id, now.plus(terms.working()))));
    }

    private Effects draw(Instant now) {
        SearchSpace space = new SearchSpace(specification.search().operations());
        List<NewTrial> drawn = new ArrayList<>();
        for (Cell cell :
                DrawnCells.draw(space, stage.number(), specification.search().cells(), specification.seed())) {
            drawn.add(new NewTrial(cell, drawn.size() + 1, null));
        }
        return chosen(stage.withCandidates(space.distinctCells(stage.number())).after(StageEvent.DRAW, now), drawn);
    }

    /**
     * What follows from an answer: nothing where it answers another request, or another answer came first.
     *
     * @param measured every cell of the experiment that was trained or diverged so far
     * @throws pnas.failure.PnasException for a ranking that does not answer its request
     */
    Effects hear(RankingAnswer answer, Collection<Measured> measured, Instant now) {
        if (!isFor(answer.requestId()) || !stage.allows(StageEvent.ANSWER) || stage.candidates() == null) {
            return Effects.of(stage);
        }
        return switch (answer) {
            case RankingAnswer.Ranked ranked -> {
                AnswerCheck.check(
                        ranked,
                        Math.toIntExact(stage.candidates()),
                        specification.search().beam(),
                        specification.search().operations(),
                        Set.copyOf(Measured.parents(measured, stage.number())));
                List<NewTrial> best = new ArrayList<>();
                for (RankingAnswer.Scored scored : ranked.best()) {
                    best.add(new NewTrial(scored.cell(), best.size() + 1, scored.score()));
                }
                yield chosen(
                        stage.with(new Stage.Ranking(ranked.histogram(), ranked.quality(), ranked.seconds()))
                                .after(StageEvent.ANSWER, now),
                        best);
            }
            case RankingAnswer.Failed failed -> failed(failed);
        };
    }

    /**
     * What follows from a sign of life: patience counts from it where the request was sent.
     *
     * @throws pnas.failure.PnasException for one that is not of its request
     */
    Effects hear(RankingMessage.SignOfLife sign, Instant now) {
        return isFor(sign.requestId()) && stage.state() == StageState.RANKING && stage.candidates() != null
                ? Effects.of(stage.with(stage.asking().heard(RankingProgress.of(sign, stage.candidates(), now))))
                : Effects.of(stage);
    }

    private static Effects chosen(Stage stage, List<NewTrial> cells) {
        return new Effects(stage, List.copyOf(cells), /* asked= */ false, null);
    }

    private Effects failed(RankingAnswer.Failed failed) {
        if (!failed.code().kind().isTransient()) {
            return new Effects(
                    stage,
                    null,
                    /* asked= */ false,
                    "the candidates of stage " + stage.number() + " could not be ranked: " + failed.code() + ": "
                            + KeptText.of(failed.message()));
        }
        // Due at once; who takes it next counts the tries.
        return Effects.of(
                stage.state() == StageState.RANKING ? stage.with(stage.asking().dueAtOnce()) : stage);
    }
}
