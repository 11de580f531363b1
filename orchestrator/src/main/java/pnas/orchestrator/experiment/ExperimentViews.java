package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.capacity.CapacityReports;
import pnas.orchestrator.life.Spent;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;
import pnas.orchestrator.trainer.Crew;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Demand;
import pnas.orchestrator.trial.OpenTraining;
import pnas.orchestrator.trial.StageTrials;
import pnas.orchestrator.trial.StageTrials.Counts;
import pnas.orchestrator.trial.TrainingTimes;
import pnas.orchestrator.trial.TrialSummary;
import pnas.statistics.Tally;

/** Shows experiments as REST does, however many with the same few queries. */
@ApplicationScoped
class ExperimentViews {
    private final StageTrials trials;
    private final TrainingTimes times;
    private final Demand demand;
    private final Spending spending;
    private final Trainers trainers;
    private final BrokerWatch broker;
    private final CapacityReports capacity;

    ExperimentViews(
            StageTrials trials,
            TrainingTimes times,
            Demand demand,
            Spending spending,
            Trainers trainers,
            BrokerWatch broker,
            CapacityReports capacity) {
        this.trials = trials;
        this.times = times;
        this.demand = demand;
        this.spending = spending;
        this.trainers = trainers;
        this.broker = broker;
        this.capacity = capacity;
    }

    List<ExperimentView> of(List<ExperimentEntity> experiments) {
        List<String> ids = experiments.stream().map(experiment -> experiment.id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, List<Counts>> counts = trials.counts(ids);
        Map<String, Spent> spent = spending.of(ids);
        Map<String, TrialSummary> best = trials.best(ids);
        Map<String, TrialSummary> overall = trials.bestOverall(ids);
        Map<String, Crew> crews = experiments.stream()
                .map(experiment -> experiment.engine)
                .distinct()
                .collect(Collectors.toMap(engine -> engine, trainers::crew));
        Map<String, Long> running = trials.running();
        Map<String, Instant> unclaimed = trials.unclaimedSince(ids);
        Map<String, CapacityReports.Report> capacities = capacity.current();
        Map<String, List<StageEntity>> stages = stages(ids);
        Prospects prospects = prospects(experiments, crews);
        return experiments.stream()
                .map(experiment -> {
                    List<StageEntity> own = stages.getOrDefault(experiment.id, List.of());
                    return view(
                            experiment,
                            own,
                            counts.getOrDefault(experiment.id, List.of()),
                            ExperimentRows.present(spent.get(experiment.id)),
                            best.get(experiment.id),
                            overall.get(experiment.id),
                            prospects,
                            surroundings(
                                    current(own),
                                    Objects.requireNonNull(crews.get(experiment.engine)),
                                    running.getOrDefault(experiment.engine, 0L),
                                    capacities.get(experiment.engine),
                                    unclaimed.get(experiment.id)));
                })
                .toList();
    }

    private static StageEntity current(List<StageEntity> stages) {
        return stages.stream()
                .filter(stage -> !stage.state.isTerminal())
                .findFirst()
                .orElseGet(stages::getLast);
    }

    private Waiting.Surroundings surroundings(
            StageEntity latest,
            Crew crew,
            long running,
            CapacityReports.@Nullable Report capacity,
            @Nullable Instant unclaimedSince) {
        return new Waiting.Surroundings(
                broker.silentSince(),
                crew,
                running,
                capacity == null ? null : capacity.cause(),
                latest.requestSentAt,
                latest.requestTries,
                unclaimedSince);
    }

    private static Map<String, List<StageEntity>> stages(Collection<String> ids) {
        List<StageEntity> rows = StageEntity.list("id.experimentId in ?1 order by id.number", ids);
        return rows.stream().collect(Collectors.groupingBy(stage -> stage.id.experimentId()));
    }

    private static ExperimentView view(
            ExperimentEntity experiment,
            List<StageEntity> rows,
            List<Counts> counts,
            Spent spent,
            @Nullable TrialSummary best,
            @Nullable TrialSummary overall,
            Prospects prospects,
            Waiting.Surroundings around) {
        Specification specification = experiment.specification();
        List<StageView> existing =
                rows.stream().map(stage -> view(stage, counts)).toList();
        Map<Integer, Estimate> left = prospects.left(experiment, specification, existing);
        List<StageView> stages = existing.stream()
                .map(stage -> stage.withLeft(left.get(stage.stage())))
                .toList();
        Progress progress = Progress.of(
                experiment.state,
                specification,
                stages,
                left.values().stream().reduce(Estimate::plus).orElse(null));
        return new ExperimentView(
                experiment.id,
                experiment.name,
                experiment.state,
                experiment.cause,
                Waiting.of(experiment.state, specification, stages, progress, around),
                experiment.createdAt,
                experiment.createdBy,
                experiment.finishedAt,
                specification,
                specification.execution().replayed(),
                progress,
                spent,
                stages,
                best,
                overall,
                ExperimentHead.url(experiment.id));
    }

    private static StageView view(StageEntity stage, List<Counts> counts) {
        Counts own = counts.stream()
                .filter(each -> each.stage() == stage.id.number())
                .findFirst()
                .orElse(new Counts(stage.id.number(), Tally.NONE, null));
        return StageView.of(
                        own.stage(), stage.state, stage.candidates, own.tally(), own.best(), stage.idle(own.tally()))
                .withRanking(stage.state == StageState.RANKING ? stage.rankingProgress() : null);
    }

    /**
     * What is needed to tell how long experiments will go on.
     *
     * @param slots that each will have, by its id; nothing for who waits behind those that have all
     */
    private record Prospects(
            Map<String, List<OpenTraining>> open, Map<String, TrainingTimes.Known> times, Map<String, Double> slots) {
        Map<Integer, Estimate> left(ExperimentEntity experiment, Specification specification, List<StageView> stages) {
            TrainingTimes.Known known = times.get(experiment.engine);
            Double own = slots.get(experiment.id);
            if (known == null || own == null) {
                return Map.of();
            }
            TrainingRecipe recipe = TrainingRecipe.of(specification);
            return Outlook.left(
                    specification,
                    stages,
                    open.getOrDefault(experiment.id, List.of()),
                    own,
                    size -> known.predict(recipe, size));
        }
    }

    private Prospects prospects(List<ExperimentEntity> experiments, Map<String, Crew> crews) {
        List<ExperimentEntity> going = experiments.stream()
                .filter(experiment -> !experiment.state.isTerminal())
                .toList();
        if (going.isEmpty()) {
            return new Prospects(Map.of(), Map.of(), Map.of());
        }
        Map<String, TrainingTimes.Known> known = new HashMap<>();
        Map<String, Double> slots = new HashMap<>();
        Map<String, Map<String, Double>> shares = new HashMap<>();
        for (ExperimentEntity experiment : going) {
            String engine = experiment.engine;
            long all = Objects.requireNonNull(crews.get(engine)).slots();
            known.computeIfAbsent(engine, times::known);
            // One that is paused, or chooses its cells, will have what is there for one alone.
            long most = experiment.maxParallel == null ? all : Math.min(all, experiment.maxParallel);
            double share = shares.computeIfAbsent(engine, _ -> demand.shares(engine, all))
                    .getOrDefault(experiment.id, (double) most);
            if (all == 0) {
                slots.put(experiment.id, 1.0);
            } else if (share > 0) {
                slots.put(experiment.id, share);
            }
        }
        return new Prospects(
                trials.open(going.stream().map(experiment -> experiment.id).toList()), known, slots);
    }
}
