package pnas.orchestrator.report;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.capacity.CapacityReports;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.report.ReportRows.KnownExperiment;
import pnas.orchestrator.report.ReportRows.KnownStage;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;
import pnas.orchestrator.trainer.Crew;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Demand;
import pnas.orchestrator.trial.Storage;
import pnas.orchestrator.trial.TrainingTimes;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/** Puts together what is shown of experiments, however many with the same few statements; of one that is over there is less to ask. */
@ApplicationScoped
class ExperimentViews {
    private final ReportRows rows;
    private final Trials trials;
    private final TrainingTimes times;
    private final Demand demand;
    private final Trainers trainers;
    private final BrokerWatch broker;
    private final Storage storage;
    private final CapacityReports capacity;

    ExperimentViews(
            ReportRows rows,
            Trials trials,
            TrainingTimes times,
            Demand demand,
            Trainers trainers,
            BrokerWatch broker,
            Storage storage,
            CapacityReports capacity) {
        this.rows = rows;
        this.trials = trials;
        this.times = times;
        this.demand = demand;
        this.trainers = trainers;
        this.broker = broker;
        this.storage = storage;
        this.capacity = capacity;
    }

    List<ExperimentView> of(List<KnownExperiment> experiments) {
        List<String> ids = experiments.stream().map(KnownExperiment::id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, List<KnownStage>> stages = rows.stages(ids);
        Map<String, Trials.Best> best = trials.best(ids, 1);
        List<KnownExperiment> open = experiments.stream()
                .filter(experiment -> !experiment.state().isTerminal())
                .toList();
        Map<String, Crew> crews = open.stream()
                .map(KnownExperiment::engine)
                .distinct()
                .collect(Collectors.toMap(engine -> engine, trainers::crew));
        Function<KnownExperiment, Waiting.@Nullable Surroundings> surroundings = surroundings(open, stages, crews);
        Prospects prospects = prospects(open, crews);
        return experiments.stream()
                .map(experiment -> view(
                        experiment,
                        stages.getOrDefault(experiment.id(), List.of()),
                        best.getOrDefault(experiment.id(), Trials.Best.NONE),
                        prospects,
                        surroundings.apply(experiment)))
                .toList();
    }

    /** What each of those that are running depends on: another one waits for nobody. */
    private Function<KnownExperiment, Waiting.@Nullable Surroundings> surroundings(
            List<KnownExperiment> open, Map<String, List<KnownStage>> stages, Map<String, Crew> crews) {
        List<String> running = open.stream()
                .filter(experiment -> experiment.state() == ExperimentState.RUNNING)
                .map(KnownExperiment::id)
                .toList();
        if (running.isEmpty()) {
            return _ -> null;
        }
        List<Waiting.Trainings> trainings = rows.trainings();
        Map<String, Instant> unclaimed = trials.unclaimedSince(running);
        Map<String, CapacityReports.Report> capacities = capacity.current();
        return experiment -> {
            if (!running.contains(experiment.id())) {
                return null;
            }
            KnownStage latest = current(Objects.requireNonNull(stages.get(experiment.id())));
            CapacityReports.Report report = capacities.get(experiment.engine());
            return new Waiting.Surroundings(
                    storage.obstacle(),
                    broker.silentSince(),
                    Objects.requireNonNull(crews.get(experiment.engine())),
                    Waiting.ofOthers(trainings, experiment.engine(), experiment.id()),
                    report == null ? null : report.cause(),
                    latest.askedAt(),
                    latest.asked(),
                    unclaimed.get(experiment.id()));
        };
    }

    private static KnownStage current(List<KnownStage> stages) {
        return stages.stream()
                .filter(stage -> !stage.state().isTerminal())
                .findFirst()
                .orElseGet(stages::getLast);
    }

    private static ExperimentView view(
            KnownExperiment experiment,
            List<KnownStage> rows,
            Trials.Best best,
            Prospects prospects,
            Waiting.@Nullable Surroundings around) {
        Specification specification = experiment.specification();
        List<StageView> existing = rows.stream().map(stage -> view(stage, best)).toList();
        Map<Integer, Estimate> left = prospects.left(experiment, existing);
        List<StageView> stages = existing.stream()
                .map(stage -> stage.withLeft(left.get(stage.stage())))
                .toList();
        Progress progress = Progress.of(
                experiment.state(),
                specification,
                stages,
                left.values().stream().reduce(Estimate::plus).orElse(null));
        BestCells cells = BestCells.of(experiment.head(), specification.search().confirm() != null, best);
        return new ExperimentView(
                experiment.id(),
                experiment.head().name(),
                experiment.state(),
                experiment.cause(),
                Waiting.of(experiment.state(), specification, stages, progress, around),
                experiment.createdAt(),
                experiment.createdBy(),
                experiment.finishedAt(),
                specification,
                experiment.head().replayed(),
                progress,
                experiment.spent(),
                stages,
                cells.latest(),
                cells.overall(),
                cells.confirmed(),
                experiment.head().url());
    }

    private static StageView view(KnownStage stage, Trials.Best best) {
        List<TrialSummary> own = best.ofStages().getOrDefault(stage.number(), List.of());
        return StageView.of(
                        stage.number(),
                        stage.state(),
                        stage.candidates(),
                        stage.counts(),
                        own.isEmpty() ? null : own.getFirst().accuracy(),
                        stage.idle())
                .withRepeats(stage.repeats())
                .withRanking(stage.state() == StageState.RANKING ? stage.told() : null);
    }

    /**
     * What is needed to tell how long experiments will go on.
     *
     * @param slots that each will have, by its id; nothing for who waits behind those that have all
     */
    private record Prospects(
            Map<String, List<Trials.Open>> open, Map<String, TrainingTimes.Known> times, Map<String, Double> slots) {
        Map<Integer, Estimate> left(KnownExperiment experiment, List<StageView> stages) {
            TrainingTimes.Known known = times.get(experiment.engine());
            Double own = slots.get(experiment.id());
            if (known == null || own == null) {
                return Map.of();
            }
            TrainingRecipe recipe = TrainingRecipe.of(experiment.specification());
            return Outlook.left(
                    experiment.specification(),
                    stages,
                    open.getOrDefault(experiment.id(), List.of()),
                    own,
                    size -> known.predict(recipe, size));
        }
    }

    private Prospects prospects(List<KnownExperiment> open, Map<String, Crew> crews) {
        if (open.isEmpty()) {
            return new Prospects(Map.of(), Map.of(), Map.of());
        }
        Map<String, TrainingTimes.Known> known = new HashMap<>();
        Map<String, Double> slots = new HashMap<>();
        Map<String, Map<String, Double>> shares = new HashMap<>();
        for (KnownExperiment experiment : open) {
            String engine = experiment.engine();
            long all = Objects.requireNonNull(crews.get(engine)).slots();
            known.computeIfAbsent(engine, times::known);
            // One that is paused, or chooses its cells, will have what is there for one alone.
            Integer parallel = experiment.specification().share().maxParallelTrainings();
            long most = parallel == null ? all : Math.min(all, parallel);
            double share = shares.computeIfAbsent(engine, _ -> demand.shares(engine, all))
                    .getOrDefault(experiment.id(), (double) most);
            if (all == 0) {
                slots.put(experiment.id(), 1.0);
            } else if (share > 0) {
                slots.put(experiment.id(), share);
            }
        }
        return new Prospects(trials.open(open.stream().map(KnownExperiment::id).toList()), known, slots);
    }
}
