package pnas.orchestrator.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.orchestrator.specification.Budget;

/**
 * What happened to an experiment, to one of its stages or to one of its trials. A record is one kind of event, its components are the fields of its JSON; names
 * and fields are frozen, later versions add kinds and optional fields only. docs/generated/events.md is made from this file.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Event {
    /** All kinds that this version knows, by their names, in the order of this file. */
    Map<String, Class<?>> KINDS = Stream.of(OfExperiment.class, OfStage.class, OfTrial.class)
            .flatMap(about -> Arrays.stream(about.getPermittedSubclasses()))
            .collect(Collectors.toMap(
                    kind -> kind(kind).name(), Function.identity(), (one, _) -> one, LinkedHashMap::new));

    /** About the experiment itself. */
    sealed interface OfExperiment extends Event {}

    /** About one stage. */
    sealed interface OfStage extends Event {
        /** Its number. */
        int stage();
    }

    /** About one trial, which stands beside the event. */
    sealed interface OfTrial extends Event {}

    /** How REST and stored rows name a kind, and when it happens. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Kind {
        String name();

        String when();
    }

    @Kind(name = "experiment.created", when = "somebody created the experiment")
    record ExperimentCreated(String name) implements OfExperiment {}

    @Kind(name = "experiment.paused", when = "somebody paused it; trainings that run go on")
    record ExperimentPaused() implements OfExperiment {}

    @Kind(name = "experiment.resumed", when = "somebody resumed it")
    record ExperimentResumed() implements OfExperiment {}

    /**
     * It goes on with other limits.
     *
     * @param blocks of its last stage
     * @param cells that each stage trains
     * @param budget which is null where it has no limit
     */
    @Kind(name = "experiment.extended", when = "somebody gave it more blocks, more cells or more budget; it goes on")
    record ExperimentExtended(int blocks, int cells, Budget budget) implements OfExperiment {}

    /**
     * What failed is tried again.
     *
     * @param stage the first one with trials that are tried again
     */
    @Kind(name = "experiment.retried", when = "somebody had trials that failed tried again; it goes on")
    record ExperimentRetried(int stage) implements OfExperiment {}

    @Kind(name = "experiment.completed", when = "its last stage is done")
    record ExperimentCompleted() implements OfExperiment {}

    @Kind(name = "experiment.stopped", when = "it used up one of its budgets")
    record ExperimentStopped(String cause) implements OfExperiment {}

    @Kind(
            name = "experiment.failed",
            when = "a stage measured nothing, or no predictor could rank the candidates of a stage")
    record ExperimentFailed(String cause) implements OfExperiment {}

    @Kind(name = "experiment.cancelled", when = "somebody cancelled it")
    record ExperimentCancelled() implements OfExperiment {}

    @Kind(name = "stage.expanding", when = "the stage begins to choose its cells")
    record StageExpanding(int stage) implements OfStage {}

    /**
     * It waits for a ranking.
     *
     * @param tries how often it asked, this time included
     */
    @Kind(name = "stage.ranking", when = "the orchestrator sent its candidates to the predictors")
    record StageRanking(
            int stage, long candidates, @JsonProperty("try") int tries) implements OfStage {}

    /**
     * How far its ranking is.
     *
     * @param waits whether the ranking waits for others at the predictor
     */
    @Kind(name = "stage.scored", when = "a predictor said how far the ranking is")
    record StageScored(int stage, long candidates, long scored, boolean waits) implements OfStage {}

    @Kind(name = "stage.training", when = "the stage has chosen its cells")
    record StageTraining(int stage, int trials) implements OfStage {}

    /**
     * It confirms its winner.
     *
     * @param cells its best ones, and the best of all stages
     * @param trials that train them, each cell under several seeds
     */
    @Kind(name = "stage.confirming", when = "the stage begins to train its best cells again under other seeds")
    record StageConfirming(int stage, int cells, int trials) implements OfStage {}

    /**
     * All its trials have ended.
     *
     * @param measured how many have an accuracy or diverged
     */
    @Kind(name = "stage.done", when = "the last trial of the stage ended")
    record StageDone(int stage, int measured) implements OfStage {}

    @Kind(name = "trial.running", when = "a trainer began the trial")
    record TrialRunning(String worker, int attempt) implements OfTrial {}

    @Kind(name = "trial.epoch", when = "the trainer finished an epoch of the trial")
    record TrialEpoch(int attempt, int epoch, double trainingLoss, double validationAccuracy) implements OfTrial {}

    @Kind(name = "trial.trained", when = "the trial has its accuracy")
    record TrialTrained(double accuracy, int attempt) implements OfTrial {}

    @Kind(name = "trial.diverged", when = "the loss of the trial became NaN or infinite")
    record TrialDiverged(String cause, int attempt) implements OfTrial {}

    /**
     * It has another experiment's result.
     *
     * @param from the trial that was trained
     */
    @Kind(name = "trial.reused", when = "the trial took the result of another experiment that trained the same")
    record TrialReused(String from) implements OfTrial {}

    @Kind(name = "trial.failed", when = "the last attempt ended without a result")
    record TrialFailed(@Nullable String cause) implements OfTrial {}

    /**
     * It waits for a trainer again.
     *
     * @param attempt the number of the next one
     */
    @Kind(name = "trial.requeued", when = "an attempt ended without a result, and another one follows")
    record TrialRequeued(int attempt, @Nullable String cause) implements OfTrial {}

    @Kind(name = "trial.cancelled", when = "its experiment ended, or its stage chooses anew")
    record TrialCancelled() implements OfTrial {}

    @Kind(name = "trial.reopened", when = "the trial waits again, since its experiment goes on")
    record TrialReopened(int attempt) implements OfTrial {}

    @Kind(name = "trial.retried", when = "somebody had the failed trial tried again")
    record TrialRetried(int attempt) implements OfTrial {}

    @Kind(name = "trial.setAside", when = "its stage chooses its cells anew, and the trial waits for that")
    record TrialSetAside() implements OfTrial {}

    @Kind(name = "trial.chosen", when = "its stage chose its cell again")
    record TrialChosen() implements OfTrial {}

    /**
     * One that this version cannot read: a later version appended its kind, or an earlier one said less of it. Readers pass it on as it is.
     *
     * @param type its name
     * @param fields of its JSON
     */
    record Unknown(String type, @JsonValue Map<String, @Nullable Object> fields) implements Event {
        public Unknown {
            // Null is a value of JSON, which Map.copyOf refuses.
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** The name of its kind, for instance {@code trial.trained}. */
    default String type() {
        return typeOf(getClass());
    }

    /** The name of a kind. */
    static String typeOf(Class<? extends Event> kind) {
        return kind(kind).name();
    }

    /** Its JSON, which does not name its kind. */
    default String json() {
        return Messages.encodeText(this);
    }

    /**
     * An event as it was stored. A row of a kind that this version does not know, or that lacks what this version expects of its kind, is {@link Unknown}:
     * it must not stop those who read the events after it.
     *
     * @throws PnasException where it is no object
     */
    static Event read(String type, String json) {
        Class<?> kind = KINDS.get(type);
        if (kind != null) {
            try {
                return (Event) Messages.decodeText(json, kind);
            } catch (PnasException e) {
                return unknown(type, json);
            }
        }
        return unknown(type, json);
    }

    @SuppressWarnings("unchecked") // An object of JSON has names.
    private static Event unknown(String type, String json) {
        return new Unknown(type, Messages.decodeText(json, Map.class));
    }

    private static Kind kind(Class<?> of) {
        return Objects.requireNonNull(of.getAnnotation(Kind.class), of.getName());
    }
}
