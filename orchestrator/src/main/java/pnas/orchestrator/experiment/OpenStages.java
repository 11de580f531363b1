package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.hibernate.Session;
import pnas.message.PredictorCommand;
import pnas.message.RankingAnswer;
import pnas.message.RankingMessage;
import pnas.message.RankingRequest.Observation;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.ExperimentLife;
import pnas.orchestrator.life.ExperimentOrder;
import pnas.orchestrator.life.Measured;
import pnas.orchestrator.life.RankingProgress;
import pnas.orchestrator.life.RankingTerms;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageOrder;
import pnas.orchestrator.trial.StageTrials;
import pnas.statistics.Tally;

/** The stages that wait for a ranking. Every method is its own transaction. */
@ApplicationScoped
public class OpenStages {
    private final Session database;
    private final ExperimentRows rows;
    private final StageTrials trials;
    private final Event<PredictorCommand.Withdrawn> withdrawals;

    OpenStages(
            Session database, ExperimentRows rows, StageTrials trials, Event<PredictorCommand.Withdrawn> withdrawals) {
        this.database = database;
        this.rows = rows;
        this.trials = trials;
        this.withdrawals = withdrawals;
    }

    /** Takes a stage at whose request somebody is to work now. Nobody else takes it for a while. */
    @Transactional
    public Optional<OpenStage> take(RankingTerms terms) {
        return due(terms).flatMap(experimentId -> take(experimentId, terms));
    }

    /** The experiment whose stage waits longest for somebody, as far as can be told without a lock. */
    private Optional<String> due(RankingTerms terms) {
        List<ExperimentEntity> open = ExperimentEntity.list(
                "state = RUNNING and id in (select stage.id.experimentId from StageEntity stage where stage.state in (EXPANDING, RANKING))");
        Map<String, List<StageEntity>> stages = StageEntity.<StageEntity>list(
                        "id.experimentId in ?1 order by id.number",
                        open.stream().map(experiment -> experiment.id).toList())
                .stream()
                .collect(Collectors.groupingBy(stage -> stage.id.experimentId()));
        Instant now = rows.now();
        Optional<String> due = open.stream()
                .map(experiment -> new ExperimentLife(
                        experiment.experiment(),
                        stages.getOrDefault(experiment.id, List.of()).stream()
                                .map(stage -> stage.stage(Tally.NONE))
                                .toList()))
                .filter(life -> life.due(terms, now).isPresent())
                .min(Comparator.comparing(
                        life -> life.due(terms, now).orElseThrow().times().createdAt()))
                .map(life -> life.experiment().id());
        // What was read without the lock is read again under it.
        database.clear();
        return due;
    }

    private Optional<OpenStage> take(String experimentId, RankingTerms terms) {
        AtomicInteger taken = new AtomicInteger();
        Optional<ExperimentLife> life = rows.change(experimentId, (before, now) -> {
            Stage due = before.due(terms, now).orElse(null);
            if (due == null) {
                return new ExperimentEffects(before, List.of(), Set.of());
            }
            taken.set(due.number());
            return before.obey(
                    new ExperimentOrder.OfStage(due.number(), new StageOrder.Take(terms, UUID.randomUUID())), now);
        });
        return life.flatMap(after -> after.stages().stream()
                        .filter(stage -> stage.number() == taken.get())
                        .filter(stage -> !stage.state().isTerminal())
                        .findFirst())
                .map(stage -> open(life.orElseThrow().experiment(), stage));
    }

    private OpenStage open(Experiment experiment, Stage stage) {
        List<Measured> measured = trials.measured(experiment.id());
        return new OpenStage(
                experiment.id(),
                stage.number(),
                ExperimentRows.present(stage.asking().requestId()),
                experiment.specification(),
                Measured.parents(measured, stage.number()),
                measured.stream()
                        .map(cell -> new Observation(cell.encoding(), cell.stage(), cell.accuracy()))
                        .toList());
    }

    /** Notes how many candidates a stage has, before its request is sent. */
    @Transactional
    public void expanded(OpenStage open, long candidates) {
        order(open, new StageOrder.Expanded(open.requestId(), candidates));
    }

    /** Notes that the request of a stage was sent; nothing where it was answered meanwhile. */
    @Transactional
    public void asked(OpenStage open) {
        order(open, new StageOrder.Asked(open.requestId()));
    }

    /** Has chance choose the cells of a stage; nothing where that was done before, or its experiment is over. */
    @Transactional
    public void draw(OpenStage open) {
        order(open, new StageOrder.Draw(open.requestId()));
    }

    /** Gives a stage back whose request could not be sent. */
    @Transactional
    public void giveBack(OpenStage open) {
        order(open, new StageOrder.GiveBack(open.requestId()));
    }

    private void order(OpenStage open, StageOrder order) {
        Optional<ExperimentLife> _ = rows.change(
                open.experimentId(), (life, now) -> life.obey(new ExperimentOrder.OfStage(open.stage(), order), now));
    }

    /**
     * Takes an answer; nothing where the request is unknown, was answered before, or its experiment is over.
     *
     * @throws pnas.failure.PnasException for a ranking that does not answer its request; then nothing is changed
     */
    @Transactional
    public void answered(RankingAnswer answer) {
        whoAsked(answer.requestId()).ifPresent(experimentId -> answered(experimentId, answer));
    }

    private Optional<String> whoAsked(UUID requestId) {
        return database.createQuery("select id.experimentId from StageEntity where requestId = :request", String.class)
                .setParameter("request", requestId)
                .uniqueResultOptional();
    }

    private void answered(String experimentId, RankingAnswer answer) {
        Optional<ExperimentLife> _ =
                rows.change(experimentId, (life, now) -> life.hear(answer, trials.measured(experimentId), now));
    }

    /**
     * Takes a sign of life. Where nobody waits for the answer, its request is withdrawn.
     *
     * @throws pnas.failure.PnasException for one that is not of its request; then nothing is changed
     */
    @Transactional
    public void heard(RankingMessage.SignOfLife sign) {
        Optional<ExperimentLife> told = whoAsked(sign.requestId())
                .flatMap(experimentId -> rows.change(experimentId, (life, now) -> life.hear(sign, now)));
        if (told.isEmpty()) {
            withdrawals.fire(
                    RankingProgress.withdrawn(sign.requestId(), sign.experimentId(), "nobody asks for this ranking"));
        }
    }
}
