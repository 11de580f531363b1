package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.broker.BrokerWatch;
import pnas.orchestrator.capacity.CapacityReports;
import pnas.orchestrator.trial.StageTrials;
import pnas.orchestrator.trial.StageTrials.Count;
import pnas.orchestrator.trial.TrialState;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.worker.Crew;
import pnas.orchestrator.worker.Workers;

/** Shows experiments as REST does, however many with the same few queries. */
@ApplicationScoped
class ExperimentViews {
    private final StageTrials trials;
    private final Spending spending;
    private final Workers workers;
    private final BrokerWatch broker;
    private final CapacityReports capacity;

    ExperimentViews(
            StageTrials trials, Spending spending, Workers workers, BrokerWatch broker, CapacityReports capacity) {
        this.trials = trials;
        this.spending = spending;
        this.workers = workers;
        this.broker = broker;
        this.capacity = capacity;
    }

    List<ExperimentView> of(List<ExperimentEntity> experiments) {
        List<String> ids = experiments.stream().map(experiment -> experiment.id).toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, List<Count>> counts = trials.counts(ids);
        Map<String, Spent> spent = spending.of(ids);
        Map<String, TrialSummary> best = trials.best(ids);
        Map<String, TrialSummary> overall = trials.bestOverall(ids);
        Map<String, Crew> crews = experiments.stream()
                .map(experiment -> experiment.engine)
                .distinct()
                .collect(Collectors.toMap(engine -> engine, workers::crew));
        Map<String, Long> running = trials.running();
        Map<String, CapacityReports.Report> capacities = capacity.current();
        Map<String, List<StageEntity>> stages = stages(ids);
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
                            surroundings(
                                    current(own),
                                    Objects.requireNonNull(crews.get(experiment.engine)),
                                    running.getOrDefault(experiment.engine, 0L),
                                    capacities.get(experiment.engine)));
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
            StageEntity latest, Crew crew, long running, CapacityReports.@Nullable Report capacity) {
        return new Waiting.Surroundings(
                broker.silentSince(),
                crew,
                running,
                capacity == null ? null : capacity.cause(),
                latest.requestSentAt,
                latest.requestTries);
    }

    private static Map<String, List<StageEntity>> stages(Collection<String> ids) {
        List<StageEntity> rows = StageEntity.list("id.experimentId in ?1 order by id.number", ids);
        return rows.stream().collect(Collectors.groupingBy(stage -> stage.id.experimentId()));
    }

    private static ExperimentView view(
            ExperimentEntity experiment,
            List<StageEntity> rows,
            List<Count> counts,
            Spent spent,
            @Nullable TrialSummary best,
            @Nullable TrialSummary overall,
            Waiting.Surroundings around) {
        Specification specification = experiment.specification();
        List<StageView> stages = rows.stream().map(stage -> view(stage, counts)).toList();
        Progress progress = progress(experiment, specification, stages, counts);
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
                specification.replayed(),
                progress,
                spent,
                stages,
                best,
                overall,
                "/experiments/" + experiment.id);
    }

    private static StageView view(StageEntity stage, List<Count> counts) {
        List<Count> own = counts.stream()
                .filter(count -> count.stage() == stage.id.number())
                .toList();
        return new StageView(
                stage.id.number(),
                stage.state,
                stage.candidates,
                sum(own),
                sum(own.stream().filter(count -> count.state().isTerminal()).toList()),
                own.stream()
                        .map(Count::best)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null));
    }

    private static Progress progress(
            ExperimentEntity experiment, Specification specification, List<StageView> stages, List<Count> counts) {
        long over =
                sum(counts.stream().filter(count -> count.state().isTerminal()).toList());
        long running = sum(counts, TrialState.RUNNING);
        long planned = planned(specification, stages);
        return new Progress(
                over,
                planned,
                running,
                sum(counts, TrialState.QUEUED) + sum(counts, TrialState.DISPATCHED),
                sum(counts, TrialState.FAILED),
                sum(counts, TrialState.DIVERGED),
                counts.stream().mapToLong(Count::reused).sum(),
                experiment.state.isTerminal() ? null : secondsLeft(planned - over, running, counts));
    }

    /** A stage that has chosen its cells counts as it is, another one as it was planned. */
    private static long planned(Specification specification, List<StageView> stages) {
        Map<Integer, StageView> byNumber = stages.stream().collect(Collectors.toMap(StageView::stage, stage -> stage));
        return Planning.plan(specification).stages().stream()
                .mapToLong(plan -> planned(plan, byNumber.get(plan.stage())))
                .sum();
    }

    private static long planned(Plan.Stage plan, @Nullable StageView stage) {
        if (stage == null) {
            return plan.trainings();
        }
        return switch (stage.state()) {
            case EXPANDING, RANKING -> Math.max(plan.trainings(), stage.trials());
            case TRAINING, DONE -> stage.trials();
        };
    }

    /** As if every training to come took as long as the mean so far, and as many ran at once as now. */
    private static @Nullable Double secondsLeft(long open, long running, List<Count> counts) {
        List<Count> trained = counts.stream()
                .filter(count -> count.state() == TrialState.TRAINED)
                .toList();
        double seconds = trained.stream().mapToDouble(Count::seconds).sum();
        long own = sum(trained) - trained.stream().mapToLong(Count::reused).sum();
        return own == 0 ? null : seconds / own * open / Math.max(1, running);
    }

    private static long sum(List<Count> counts, TrialState state) {
        return sum(counts.stream().filter(count -> count.state() == state).toList());
    }

    private static long sum(List<Count> counts) {
        return counts.stream().mapToLong(Count::trials).sum();
    }
}
