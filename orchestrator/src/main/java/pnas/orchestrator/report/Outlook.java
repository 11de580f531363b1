package pnas.orchestrator.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.timing.Estimate;
import pnas.orchestrator.timing.TimePrediction;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.timing.Workload;
import pnas.orchestrator.trial.Trials;

/** What is left of an experiment, in time. */
@Decides
final class Outlook {
    /** A training that takes longer than was expected of it has this much of that left. */
    private static final double LEAST_LEFT = 0.1;

    private Outlook() {}

    /**
     * How long each stage will go on that is not done, by its number: the stages in turn, the time for rankings left out.
     *
     * @param stages those that exist
     * @param open the trainings that are not over
     * @param slots how many of them go on at once, on average
     * @param time predicts a training
     */
    static Map<Integer, Estimate> left(
            Specification specification,
            List<StageView> stages,
            List<Trials.Open> open,
            double slots,
            Function<TrainingSize, TimePrediction> time) {
        Map<Integer, StageView> known = stages.stream().collect(Collectors.toMap(StageView::stage, stage -> stage));
        return Planning.stages(specification).stream()
                .filter(stage -> !isOver(known.get(stage.stage())))
                .collect(Collectors.toMap(
                        Plan.Stage::stage,
                        stage -> workload(specification, stage, known.get(stage.stage()), open, time)
                                .span(slots)));
    }

    private static Workload workload(
            Specification specification,
            Plan.Stage plan,
            @Nullable StageView stage,
            List<Trials.Open> open,
            Function<TrainingSize, TimePrediction> time) {
        if (stage == null || !stage.state().hasChosen()) {
            return new Workload(List.of(), planned(specification, plan.stage(), plan.all(), time));
        }
        return workload(
                plan.stage(),
                open,
                planned(specification, plan.stage(), stage.repeatsToCome(plan.repeats()), time),
                time);
    }

    private static boolean isOver(@Nullable StageView stage) {
        return stage != null && stage.state().isTerminal();
    }

    /** What trainers will need for all stages together. */
    static Estimate cost(Specification specification, Function<TrainingSize, TimePrediction> time) {
        return new Workload(
                        List.of(),
                        Planning.stages(specification).stream()
                                .flatMap(stage -> planned(specification, stage.stage(), stage.all(), time).stream())
                                .toList())
                .sum();
    }

    private static List<TimePrediction> planned(
            Specification specification, int stage, long trainings, Function<TrainingSize, TimePrediction> time) {
        return Planned.sizes(specification, stage, trainings).map(time).toList();
    }

    private static Workload workload(
            int stage,
            List<Trials.Open> open,
            List<TimePrediction> toCome,
            Function<TrainingSize, TimePrediction> time) {
        return new Workload(
                of(stage, open)
                        .filter(training -> training.runningSeconds() != null)
                        .map(training -> rest(time.apply(training.size()), training.runningSeconds()))
                        .toList(),
                Stream.concat(
                                of(stage, open)
                                        .filter(training -> training.runningSeconds() == null)
                                        .map(training -> time.apply(training.size())),
                                toCome.stream())
                        .toList());
    }

    private static Stream<Trials.Open> of(int stage, List<Trials.Open> open) {
        return open.stream().filter(training -> training.stage() == stage);
    }

    private static TimePrediction rest(TimePrediction prediction, double running) {
        double seconds = prediction.seconds();
        return prediction.withSeconds(Math.max(seconds - running, LEAST_LEFT * seconds));
    }
}
