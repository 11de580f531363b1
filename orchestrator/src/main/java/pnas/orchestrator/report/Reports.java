package pnas.orchestrator.report;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.experiment.ExperimentId;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.live.PageToken;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.trial.TrainingTimes;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/** What is shown of experiments. Each report asks for what it shows, and of several experiments with as few statements as of one. */
@ApplicationScoped
public class Reports {
    private static final int MAX_PAGE = 1000;

    private final ReportRows rows;
    private final ExperimentViews views;
    private final Trials trials;
    private final TrainingTimes times;

    Reports(ReportRows rows, ExperimentViews views, Trials trials, TrainingTimes times) {
        this.rows = rows;
        this.views = views;
        this.trials = trials;
        this.times = times;
    }

    /**
     * The experiment with all that is shown of it.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public ExperimentView experiment(String id) {
        return experiments(List.of(id)).getFirst();
    }

    /**
     * Experiments with all that is shown of them, in the order of these ids.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} for an id that no experiment has
     */
    @Transactional
    public List<ExperimentView> experiments(List<String> ids) {
        Map<String, ExperimentView> found = views.of(rows.experiments(ids)).stream()
                .collect(Collectors.toMap(ExperimentView::id, Function.identity()));
        return ids.stream().map(id -> existing(found.get(id), id)).toList();
    }

    /**
     * What an experiment searches, and whether something of it failed.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public Outline outline(String id) {
        return existing(rows.outline(id), id);
    }

    /**
     * The best cell of an experiment, of the latest stage that has one and of all stages.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public BestCells best(String id) {
        ReportRows.KnownExperiment experiment =
                rows.experiments(List.of(id)).stream().findFirst().orElse(null);
        ReportRows.KnownExperiment known = existing(experiment, id);
        return BestCells.of(
                known.head(),
                known.specification().search().confirm() != null,
                trials.best(List.of(id), 1).getOrDefault(id, Trials.Best.NONE));
    }

    /**
     * Some experiments, newest first.
     *
     * @param state only those in this state, where given
     * @param pageSize 1 to 1000
     * @param pageToken of the page before, absent for the first
     * @throws PnasException with {@link ErrorCode#INVALID_INPUT} for a page size out of bounds or a page token that this did not give out
     */
    @Transactional
    public ExperimentPage list(@Nullable ExperimentState state, int pageSize, @Nullable String pageToken) {
        if (pageSize < 1 || pageSize > MAX_PAGE) {
            throw PnasException.invalidInput(
                    List.of(new Problem("pageSize", "must be 1 to " + MAX_PAGE + ", got " + pageSize)));
        }
        String list = "experiments " + state;
        List<ReportRows.KnownExperiment> found =
                rows.experiments(state, pageToken == null ? null : Place.read(list, pageToken), pageSize + 1);
        boolean more = found.size() > pageSize;
        List<ReportRows.KnownExperiment> page = more ? found.subList(0, pageSize) : found;
        return new ExperimentPage(
                views.of(page).stream().map(ExperimentView::summary).toList(),
                more ? Place.of(page.getLast()).token(list) : null);
    }

    /**
     * The stages that exist, in their order.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     */
    @Transactional
    public List<StageDetail> stages(String id) {
        List<ReportRows.KnownStage> stages = rows.stages(List.of(id)).get(id);
        if (stages == null) {
            // An experiment begins with its first stage.
            throw Experiments.unknown(id);
        }
        List<TrialSummary> all = trials.all(id);
        return stages.stream().map(stage -> StageDetail.of(stage, all)).toList();
    }

    /** What a search would do. */
    public Plan plan(Specification specification) {
        List<Plan.Stage> stages = Planning.stages(specification);
        TrainingTimes.Known known =
                times.known(specification.execution().engine().text());
        return new Plan(
                specification,
                stages,
                stages.stream().mapToLong(Plan.Stage::all).sum(),
                Outlook.cost(specification, size -> known.predict(TrainingRecipe.of(specification), size)));
    }

    private static <T> T existing(@Nullable T report, String id) {
        if (report == null) {
            throw Experiments.unknown(id);
        }
        return report;
    }

    /** An experiment of a page: the next one comes after it. */
    record Place(Instant createdAt, String id) {
        private static final Instant EARLIEST = Instant.EPOCH;
        /** What PostgreSQL can hold goes further than any clock. */
        private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

        static Place of(ReportRows.KnownExperiment experiment) {
            return new Place(experiment.createdAt(), experiment.head().id());
        }

        String token(String list) {
            return PageToken.of(list, createdAt + " " + id);
        }

        static Place read(String list, String token) {
            String[] parts = PageToken.place(list, token).split(" ", -1);
            try {
                if (parts.length == 2) {
                    Instant createdAt = Instant.parse(parts[0]);
                    if (!createdAt.isBefore(EARLIEST) && !createdAt.isAfter(LATEST)) {
                        return new Place(createdAt, new ExperimentId(parts[1]).text());
                    }
                }
            } catch (DateTimeParseException | IllegalArgumentException e) {
                throw PageToken.invalid();
            }
            throw PageToken.invalid();
        }
    }
}
