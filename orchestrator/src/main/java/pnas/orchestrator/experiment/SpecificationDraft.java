package pnas.orchestrator.experiment;

import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.life.Budget;
import pnas.orchestrator.life.Specification;

/**
 * An experiment as somebody wrote it: everything may be absent and nothing is checked. The components are those of {@link Specification}, and what
 * its data set follows from.
 *
 * @param image what the images of a folder are scaled to, for instance {@code 32x32x3}
 * @param trainImages images in the training part; all that are left by default
 * @param validationImages images in the validation part
 */
public record SpecificationDraft(
        @Nullable String name,
        @Nullable String preset,
        @Nullable String dataset,
        @Nullable String image,
        @Nullable Integer trainImages,
        @Nullable Integer validationImages,
        @Nullable String strategy,
        @Nullable List<@Nullable String> operations,
        @Nullable Integer blocks,
        @Nullable Integer beam,
        @Nullable Integer samples,
        @Nullable String layout,
        @Nullable Integer repetitions,
        @Nullable Integer filters,
        @Nullable Training training,
        @Nullable String predictor,
        @Nullable String fitting,
        @Nullable String engine,
        @Nullable Long seed,
        @Nullable Long splitSeed,
        @Nullable Integer maxParallelTrainings,
        @Nullable Integer weight,
        @Nullable Integer priority,
        @Nullable Limits budget,
        @Nullable Boolean reuse,
        @Nullable ReplaySource replay) {

    /** How networks are trained; see {@link pnas.message.TrainingSettings}. */
    public record Training(
            @Nullable String optimizer,
            @Nullable Double learningRate,
            @Nullable Double momentum,
            @Nullable Double weightDecay,
            @Nullable Integer batchSize,
            @Nullable Integer epochs,
            @Nullable Double dropout,
            @Nullable Double labelSmoothing,
            @Nullable String augmentation,
            @Nullable String precision,
            @Nullable Integer threads) {}

    /** What the experiment may use; see {@link Budget}. */
    public record Limits(
            @Nullable Integer trainings,
            @Nullable Double trainerSeconds,
            @Nullable Double wallClockSeconds) {}

    /** Where the replay engine takes its answers from; see {@link pnas.message.Replay}. */
    public record ReplaySource(
            @Nullable Oracle oracle,
            @Nullable String table,
            @Nullable Double seconds) {}

    /** The synthetic oracle; see {@link pnas.message.Replay.Oracle}. */
    public record Oracle(@Nullable Long seed, @Nullable Double sigma) {}
}
