package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.message.RankingRequest.Observation;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.KeptText;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.RandomCells;
import pnas.orchestrator.life.Specification;
import pnas.orchestrator.life.StageEvent;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.trial.StageTrials;
import pnas.space.SearchSpace;

/** The stages that wait for a ranking. Every method is its own transaction. */
@ApplicationScoped
public class OpenStages {
    private final Session database;
    private final ExperimentRows rows;
    private final StageTrials trials;
    private final Signals signals;

    OpenStages(Session database, ExperimentRows rows, StageTrials trials, Signals signals) {
        this.database = database;
        this.rows = rows;
        this.trials = trials;
        this.signals = signals;
    }

    /** Whether a ranking can be an answer to its request. */
    @FunctionalInterface
    public interface RankingCheck {
        /**
         * Throws where it cannot.
         *
         * @param candidates how many candidates the request held
         * @param parents the measured cells of the stage before, in canonical form
         */
        void check(RankingAnswer.Ranked ranked, Specification specification, int candidates, Set<Cell> parents);
    }

    /**
     * Takes a stage of a running experiment that is to be expanded, or whose request was not answered in time. Nobody else takes it for a while.
     *
     * @param patience how long an answer is waited for
     * @param repetitions how often a request is sent again; after that the experiment fails here
     * @param working how long the caller has until somebody else may take the stage
     */
    @Transactional
    public Optional<OpenStage> take(Duration patience, int repetitions, Duration working) {
        Tuple due = database.createNativeQuery("""
                        select stage.experiment_id, stage.number from stage join experiment on experiment.id = stage.experiment_id
                        where experiment.state = 'RUNNING'
                            and (stage.working_until is null or stage.working_until < clock_timestamp())
                            and (stage.state = 'EXPANDING' or (stage.state = 'RANKING' and (stage.request_sent_at is null
                                or stage.request_sent_at < clock_timestamp() - make_interval(secs => :patience))))
                            and not exists (select from stage before where before.experiment_id = stage.experiment_id
                                and before.number < stage.number and before.state <> 'DONE')
                        order by stage.created_at, stage.experiment_id limit 1
                        """, Tuple.class)
                .setParameter("patience", patience.toMillis() / 1000.0)
                .getResultStream()
                .findFirst()
                .orElse(null);
        if (due == null) {
            return Optional.empty();
        }
        ExperimentEntity experiment = ExperimentRows.present(rows.lock(due.get("experiment_id", String.class)));
        StageEntity stage = StageEntity.findById(new StageEntity.Key(experiment.id, due.get("number", Integer.class)));
        Instant now = rows.now();
        if (experiment.state != ExperimentState.RUNNING || !isDue(stage, patience, now)) {
            return Optional.empty();
        }
        if (stage.requestTries > repetitions) {
            rows.fail(
                    experiment,
                    "no predictor ranked the candidates of stage " + stage.id.number() + ", though asked "
                            + stage.requestTries + " times",
                    now);
            return Optional.empty();
        }
        UUID requestId = stage.requestId == null ? UUID.randomUUID() : stage.requestId;
        stage.requestId = requestId;
        stage.workingUntil = now.plus(working);
        List<Measured> measured = trials.measured(experiment.id);
        return Optional.of(new OpenStage(
                experiment.id,
                stage.id.number(),
                requestId,
                experiment.specification(),
                parents(measured, stage.id.number()),
                measured.stream()
                        .map(cell -> new Observation(cell.encoding(), cell.stage(), cell.accuracy()))
                        .toList()));
    }

    private static boolean isDue(StageEntity stage, Duration patience, Instant now) {
        boolean free = stage.workingUntil == null || stage.workingUntil.isBefore(now);
        return free
                && switch (stage.state) {
                    case EXPANDING -> true;
                    case RANKING ->
                        stage.requestSentAt == null
                                || stage.requestSentAt.plus(patience).isBefore(now);
                    case TRAINING, DONE, CLOSED -> false;
                };
    }

    private static List<Cell> parents(List<Measured> measured, int stage) {
        return measured.stream()
                .filter(cell -> cell.stage() == stage - 1 && cell.accuracy() != null)
                .map(Measured::cell)
                .toList();
    }

    /** Notes how many candidates a stage has, before its request is sent. */
    @Transactional
    public void expanded(OpenStage open, long candidates) {
        locked(open).candidates = candidates;
    }

    /** Notes that the request of a stage was sent; nothing where it was answered meanwhile. */
    @Transactional
    public void asked(OpenStage open) {
        StageEntity stage = locked(open);
        if (!stage.allows(StageEvent.ASK)) {
            return;
        }
        stage.move(StageEvent.ASK, rows.now());
        rows.tell(
                open.experimentId(),
                "stage.ranking",
                Map.of(
                        "stage",
                        open.stage(),
                        "candidates",
                        ExperimentRows.present(stage.candidates),
                        "try",
                        stage.requestTries));
    }

    /** Has chance choose the cells of a stage; nothing where that was done before, or its experiment is over. */
    @Transactional
    public void draw(OpenStage open) {
        Specification specification = open.specification();
        SearchSpace space = new SearchSpace(specification.operations());
        List<NewTrial> drawn = new ArrayList<>();
        for (Cell cell : RandomCells.draw(space, open.stage(), specification.cells(), specification.seed())) {
            drawn.add(new NewTrial(cell, drawn.size() + 1, null));
        }
        StageEntity stage = locked(open);
        ExperimentEntity experiment = ExperimentRows.present(ExperimentEntity.findById(open.experimentId()));
        if (!experiment.state.isTerminal() && stage.allows(StageEvent.DRAW)) {
            stage.candidates = space.distinctCells(open.stage());
            train(experiment, stage, StageEvent.DRAW, drawn);
        }
    }

    /** Gives a stage back whose request could not be sent. */
    @Transactional
    public void giveBack(OpenStage open) {
        locked(open).workingUntil = null;
    }

    private StageEntity locked(OpenStage open) {
        rows.lock(open.experimentId());
        return StageEntity.findById(new StageEntity.Key(open.experimentId(), open.stage()));
    }

    /**
     * Takes an answer; nothing where the request is unknown, was answered before, or its experiment is over.
     *
     * @param check throws for a ranking that does not answer its request; then nothing is changed
     */
    @Transactional
    public void answered(RankingAnswer answer, RankingCheck check) {
        StageEntity stage = lockedStage(answer.requestId());
        if (stage == null || !stage.allows(StageEvent.ANSWER)) {
            return;
        }
        ExperimentEntity experiment = ExperimentRows.present(ExperimentEntity.findById(stage.id.experimentId()));
        if (experiment.state.isTerminal()) {
            return;
        }
        switch (answer) {
            case RankingAnswer.Ranked ranked -> take(experiment, stage, ranked, check);
            case RankingAnswer.Failed failed -> askAgain(experiment, stage, failed);
        }
    }

    private @Nullable StageEntity lockedStage(UUID requestId) {
        String experimentId = database.createQuery(
                        "select id.experimentId from StageEntity where requestId = :request", String.class)
                .setParameter("request", requestId)
                .getResultStream()
                .findFirst()
                .orElse(null);
        if (experimentId == null) {
            return null;
        }
        rows.lock(experimentId);
        return StageEntity.find("requestId", requestId).firstResult();
    }

    private void take(ExperimentEntity experiment, StageEntity stage, RankingAnswer.Ranked ranked, RankingCheck check) {
        check.check(
                ranked,
                experiment.specification(),
                Math.toIntExact(ExperimentRows.present(stage.candidates)),
                Set.copyOf(parents(trials.measured(experiment.id), stage.id.number())));
        stage.ranking = new String(
                Messages.encode(new StageEntity.Ranking(ranked.histogram(), ranked.quality(), ranked.seconds())),
                StandardCharsets.UTF_8);
        List<NewTrial> best = new ArrayList<>();
        for (RankingAnswer.Scored scored : ranked.best()) {
            best.add(new NewTrial(scored.cell(), best.size() + 1, scored.score()));
        }
        train(experiment, stage, StageEvent.ANSWER, best);
    }

    private void train(ExperimentEntity experiment, StageEntity stage, StageEvent event, List<NewTrial> cells) {
        Specification specification = experiment.specification();
        Instant now = rows.now();
        int number = stage.id.number();
        stage.move(event, now);
        boolean open = trials.create(experiment.id, number, specification.seed(), specification.recipe(), cells, now);
        rows.tell(experiment.id, "stage.training", Map.of("stage", number, "trials", cells.size()));
        if (!open) {
            // All of them were trained before the stage chose anew.
            database.flush();
            rows.stageEnded(experiment.id, number);
        }
    }

    private void askAgain(ExperimentEntity experiment, StageEntity stage, RankingAnswer.Failed failed) {
        if (!failed.code().kind().isTransient()) {
            rows.fail(
                    experiment,
                    "the candidates of stage " + stage.id.number() + " could not be ranked: " + failed.code() + ": "
                            + KeptText.of(failed.message()),
                    rows.now());
        } else if (stage.state == StageState.RANKING) {
            // Due at once; whoever takes it counts the tries.
            stage.requestSentAt = null;
            signals.raiseAfterCommit(Signal.OPEN_STAGE);
        }
    }
}
