package pnas.simulation;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentEffects;
import pnas.orchestrator.life.NewEvent;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.Transitions;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;

/** What a schedule met: faults that struck, and transitions of the tables of states. Which those were is seen from what became of what. */
final class Coverage {
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private final Set<String> transitions = new TreeSet<>();

    /** Something that a transaction has decided. */
    sealed interface Decided {}

    /** Trials, from how they were read. */
    record Trials(Map<String, TrialLife> before, List<TrialEffects> effects) implements Decided {}

    /**
     * An experiment with its stages.
     *
     * @param event what happened to it, where several things lead the same way; absent elsewhere
     */
    record Moved(
            @Nullable Experiment before,
            Experiment after,
            List<Stage> stagesBefore,
            List<Stage> stages,
            @Nullable String event)
            implements Decided {}

    /** A stage that expands chooses its cells anew, which may leave it as it was. */
    record Expanding() implements Decided {}

    /** What a person wanted, as it is told. */
    static @Nullable String event(List<NewEvent> told) {
        return told.stream()
                .map(NewEvent::event)
                .map(event -> switch (event) {
                    case Event.ExperimentRetried _ -> "RETRY";
                    case Event.ExperimentExtended _ -> "EXTEND";
                    case Event.ExperimentResumed _ -> "RESUME";
                    default -> "";
                })
                .filter(event -> !event.isEmpty())
                .findFirst()
                .orElse(null);
    }

    /** The stages whose cells are set aside until they are chosen again. */
    static Set<Integer> anew(ExperimentEffects effects) {
        return effects.steps().stream()
                .map(step -> step instanceof ExperimentEffects.Ordered ordered
                                && ordered.order() instanceof TrialOrder.SetAside
                        ? ordered.stages()
                        : Set.<Integer>of())
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    void struck(Fault fault) {
        faults.add(fault);
    }

    Set<Fault> faults() {
        return faults;
    }

    Set<String> transitions() {
        return transitions;
    }

    void note(Decided decided) {
        switch (decided) {
            case Trials(var before, var effects) -> trials(before, effects);
            case Moved moved -> moved(moved);
            case Expanding() -> took("stage", StageState.EXPANDING, StageState.EXPANDING, null);
        }
    }

    private void took(String thing, Enum<?> from, Enum<?> to, @Nullable String event) {
        Transitions.between(thing, from, to).stream()
                .filter(row -> event == null || row.event().equals(event))
                .forEach(row -> transitions.add(row.toString()));
    }

    private void moved(Moved moved) {
        Experiment former = moved.before();
        if (former != null && (former.state() != moved.after().state() || "RETRY".equals(moved.event()))) {
            took("experiment", former.state(), moved.after().state(), moved.event());
        }
        for (Stage before : moved.stagesBefore()) {
            Stage after = moved.stages().stream()
                    .filter(stage -> stage.number() == before.number())
                    .findFirst()
                    .orElseThrow();
            boolean drawn = moved.after().specification().search().drawsAtRandom();
            switch (after.state()) {
                case TRAINING -> {
                    if (before.state() != after.state()) {
                        took("stage", before.state(), after.state(), answer(before, drawn));
                    }
                }
                case RANKING -> {
                    if (after.asking().tries() > before.asking().tries()) {
                        took("stage", before.state(), after.state(), null);
                    }
                }
                case EXPANDING, CONFIRMING, DONE, CLOSED -> {
                    if (before.state() != after.state()) {
                        took("stage", before.state(), after.state(), null);
                    }
                }
            }
        }
    }

    private static @Nullable String answer(Stage before, boolean drawn) {
        return switch (before.state()) {
            case EXPANDING, RANKING -> drawn ? "DRAW" : "ANSWER";
            case TRAINING, CONFIRMING, DONE, CLOSED -> null;
        };
    }

    private void trials(Map<String, TrialLife> read, List<TrialEffects> all) {
        Map<String, TrialLife> now = new HashMap<>(read);
        for (TrialEffects effects : all) {
            TrialLife after = effects.life();
            TrialLife before = now.put(after.trial().id(), after);
            if (before != null && isMoved(before, after)) {
                took("trial", before.trial().state(), after.trial().state(), event(before, after));
            }
        }
    }

    private static boolean isMoved(TrialLife before, TrialLife after) {
        return before.trial().state() != after.trial().state()
                || isRefused(before, after)
                || (after.trial().state() == TrialState.RUNNING && !Objects.equals(token(before), token(after)));
    }

    /** What tells the event where several lead the same way. */
    private static @Nullable String event(TrialLife before, TrialLife after) {
        boolean refused = isRefused(before, after);
        return switch (after.trial().state()) {
            case RUNNING -> refused ? "REFUSE" : "CLAIM";
            case QUEUED ->
                switch (before.trial().state()) {
                    case QUEUED, DISPATCHED -> refused ? "REFUSE" : "LOSE";
                    case RUNNING, TRAINED, DIVERGED, FAILED, CANCELLED -> null;
                };
            case DISPATCHED, TRAINED, DIVERGED, FAILED, CANCELLED -> null;
        };
    }

    private static boolean isRefused(TrialLife before, TrialLife after) {
        return after.attempts().stream()
                .filter(attempt -> !attempt.granted() && attempt.told() == null)
                .anyMatch(attempt -> before.attempts().stream()
                        .noneMatch(known -> known.key().equals(attempt.key())));
    }

    private static @Nullable Object token(TrialLife life) {
        Trial.Lease lease = life.trial().lease();
        return lease == null ? null : lease.token();
    }
}
