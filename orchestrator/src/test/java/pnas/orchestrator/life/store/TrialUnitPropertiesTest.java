package pnas.orchestrator.life.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import pnas.failure.ErrorCode;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Heartbeat;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.life.Attempt;
import pnas.orchestrator.life.JobQueue;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.NewTrial;
import pnas.orchestrator.life.Owner;
import pnas.orchestrator.life.Searches;
import pnas.orchestrator.life.StageKey;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.Trial.Standing;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.TrialEffects;
import pnas.orchestrator.life.TrialKind;
import pnas.orchestrator.life.TrialLife;
import pnas.orchestrator.life.TrialOrder;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.Usage;

/** What holds after any messages and orders in any order: two experiments with the same cells, doubled and late messages, pauses, and a budget. */
class TrialUnitPropertiesTest {
    private static final int SCHEDULES = 50;
    private static final int STEPS = 200;
    private static final int CELLS = 3;
    private static final long BUDGET = 5;
    /** What was answered to trainers in any schedule; what none of them met would hold for nothing. */
    private static final Set<String> ANSWERS = new HashSet<>();

    private static final Set<TrialState> STATES = EnumSet.noneOf(TrialState.class);

    private final Map<String, TrialLife> lives = new LinkedHashMap<>();
    private final Map<String, Boolean> paused = new HashMap<>();
    /** Everything that was ever said, so that it can be said again. */
    private final List<TrainingProgress> said = new ArrayList<>();

    /** As rows keep them: nothing but changes of theirs is ever added. */
    private final Map<StageKey, TrialCounts> counts = new HashMap<>();

    private final Map<String, Usage> usage = new HashMap<>();
    private Instant now = Lives.NOW;

    @AfterAll
    static void the_schedules_meet_what_they_are_about() {
        assertThat(STATES).containsExactlyInAnyOrder(TrialState.values());
        for (String answer : List.of(
                "the experiment is paused",
                "the experiment has no training left in its budget",
                "another claim or a later attempt has the lease",
                "the trial is TRAINED")) {
            assertThat(ANSWERS).contains(answer);
        }
        assertThat(ANSWERS).anyMatch(answer -> answer.endsWith(" trains the same"));
    }

    @RepeatedTest(SCHEDULES)
    void hold_in_every_schedule(RepetitionInfo schedule) {
        Random random = new Random(schedule.getCurrentRepetition());
        for (int cell = 1; cell <= CELLS; cell++) {
            Stream.of(Lives.of(cell, TrialState.QUEUED), Lives.twin(cell, TrialState.QUEUED))
                    .forEach(life -> begin(life.trial()));
        }
        for (int step = 0; step < STEPS; step++) {
            now = now.plusSeconds(random.nextInt(20));
            Map<String, TrialLife> before = Map.copyOf(lives);
            TrialUnit unit = new TrialUnit(Lives.TERMS, now, owners(), lives.values(), List.of());
            for (int more = random.nextInt(3); more >= 0; more--) {
                happen(unit, random);
            }
            unit.lives().forEach(life -> lives.put(life.trial().id(), life));
            count(unit);
            assertThatCountsAreThoseOfTheTrials();
            unit.all(TrialEffects::stops).forEach(stop -> ANSWERS.add(stop.reason()));
            unit.effects().forEach(TrialUnitPropertiesTest::assertThatChangesAreTold);
            lives.values().forEach(life -> STATES.add(life.trial().state()));
            before.forEach((id, life) -> assertThatResultsStay(life.trial(), life(id).trial()));
            lives.values().forEach(TrialUnitPropertiesTest::assertThatTheHolderAloneTrains);
            assertThatNothingIsOutTwice();
            assertThat(lives.keySet().stream().map(id -> id.substring(0, 8)).distinct())
                    .allSatisfy(experiment -> assertThat(granted(experiment)).isLessThanOrEqualTo(BUDGET));
        }
    }

    private void begin(Trial trial) {
        TrialUnit unit = new TrialUnit(Lives.TERMS, now, Map.of(), List.of(), List.of());
        unit.choose(trial, new NewTrial(Searches.oneBlock().getFirst(), 1, null));
        unit.lives().forEach(life -> lives.put(life.trial().id(), life));
        count(unit);
    }

    private void count(TrialUnit unit) {
        unit.changes().counts().forEach((stage, change) -> counts.merge(stage, change, TrialCounts::plus));
        unit.changes().usage().forEach((experiment, change) -> usage.merge(experiment, change, Usage::plus));
    }

    private void assertThatCountsAreThoseOfTheTrials() {
        Map<StageKey, Map<TrialKind, Long>> counted = lives.values().stream()
                .map(TrialLife::trial)
                .collect(Collectors.groupingBy(
                        trial -> new StageKey(
                                trial.subject().experimentId(), trial.subject().stage()),
                        Collectors.groupingBy(Trial::kind, Collectors.counting())));
        counted.forEach((stage, kinds) -> assertThat(counts.get(stage)).isEqualTo(new TrialCounts(kinds)));
        for (String experiment : List.of(Lives.EXPERIMENT, "bbbbbbbb")) {
            List<TrialLife> own = lives.values().stream()
                    .filter(life -> life.trial().subject().experimentId().equals(experiment))
                    .toList();
            assertThat(usage.getOrDefault(experiment, Usage.NONE))
                    .isEqualTo(new Usage(
                            own.stream().filter(life -> life.trial().isOut()).count(),
                            own.stream()
                                    .filter(life -> life.trial().state() == TrialState.RUNNING)
                                    .count(),
                            granted(experiment),
                            attempts(own, /* open= */ false)
                                    .mapToLong(attempt -> millis(Objects.requireNonNull(attempt.end())
                                                    .at())
                                            - millis(attempt.claimedAt()))
                                    .sum(),
                            attempts(own, /* open= */ true)
                                    .mapToLong(attempt -> millis(attempt.claimedAt()))
                                    .sum()));
        }
    }

    private static Stream<Attempt> attempts(List<TrialLife> lives, boolean open) {
        return lives.stream()
                .flatMap(life -> life.attempts().stream())
                .filter(attempt -> attempt.granted() && open == (attempt.end() == null));
    }

    private static long millis(Instant at) {
        return at.toEpochMilli();
    }

    private void happen(TrialUnit unit, Random random) {
        List<String> ids = List.copyOf(lives.keySet());
        String id = ids.get(random.nextInt(ids.size()));
        Trial trial = now(unit, id).trial();
        switch (random.nextInt(12)) {
            case 0, 1 -> unit.obey(id, new TrialOrder.Dispatch(trial.tries().attempt(), said.size()));
            case 2, 3, 4 -> say(unit, new Claimed(1, delivery(trial, random)));
            case 5, 6 -> say(unit, new Ended(1, anyDelivery(trial, random), outcome(random), 3));
            case 7 -> say(unit, new Heartbeat(1, anyDelivery(trial, random), 3, 0));
            case 8 -> {
                if (!said.isEmpty()) {
                    unit.hear(said.get(random.nextInt(said.size())));
                }
            }
            case 9 -> unit.obey(new TrialOrder.Expire(now));
            case 10 -> unit.obey(new TrialOrder.Lose(now.minusSeconds(60), new JobQueue(said.size(), said.size())));
            default -> paused.merge(trial.subject().experimentId(), true, (was, _) -> !was);
        }
        if (random.nextInt(40) == 0) {
            unit.obey(id, new TrialOrder.Cancel("the search was stopped"));
        } else if (random.nextInt(20) == 0) {
            unit.obey(id, new TrialOrder.Reopen());
        } else if (random.nextInt(40) == 0 && trial.state().isTerminal()) {
            unit.obey(id, trial.setAside() ? new TrialOrder.Choose() : new TrialOrder.SetAside());
        } else if (random.nextInt(20) == 0) {
            unit.obey(id, new TrialOrder.TryAgain());
        }
    }

    private static TrialLife now(TrialUnit unit, String id) {
        return unit.lives().stream()
                .filter(life -> life.trial().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void say(TrialUnit unit, TrainingProgress message) {
        said.add(message);
        unit.hear(message);
    }

    /** A job of an attempt that there is or was. */
    private static AttemptRef delivery(Trial trial, Random random) {
        int attempt = Math.max(1, trial.tries().attempt() - random.nextInt(2));
        return new AttemptRef(trial.id(), attempt, "worker " + random.nextInt(3), new UUID(1, random.nextLong()));
    }

    /** Mostly one that is known. */
    private AttemptRef anyDelivery(Trial trial, Random random) {
        List<Attempt> known = life(trial.id()).attempts();
        return known.isEmpty() || random.nextInt(8) == 0
                ? delivery(trial, random)
                : known.get(random.nextInt(known.size())).ref();
    }

    private static Outcome outcome(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> new Outcome.Trained(random.nextDouble(), Lives.MACHINE, /* replayed= */ false);
            case 3 -> new Outcome.Diverged(1, Lives.MACHINE);
            case 4 -> new Outcome.Crashed("signal 9");
            case 5 -> new Outcome.OutOfMemory("8 GiB");
            case 6 -> new Outcome.Failed(ErrorCode.STORAGE_FAILURE, "disk");
            default -> new Outcome.Cancelled();
        };
    }

    private Map<String, Owner> owners() {
        Map<String, Owner> owners = new HashMap<>();
        for (TrialLife life : lives.values()) {
            String experiment = life.trial().subject().experimentId();
            owners.put(
                    experiment,
                    new Owner(
                            !paused.getOrDefault(experiment, false),
                            /* reuse= */ true,
                            BUDGET - granted(experiment),
                            Lives.RECIPE));
        }
        return owners;
    }

    private long granted(String experiment) {
        return lives.values().stream()
                .filter(life -> life.trial().subject().experimentId().equals(experiment))
                .flatMap(life -> life.attempts().stream())
                .filter(Attempt::granted)
                .count();
    }

    private TrialLife life(String id) {
        return Objects.requireNonNull(lives.get(id), id);
    }

    private static void assertThatChangesAreTold(TrialEffects effects) {
        TrialState state = effects.life().trial().state();
        if (effects.over()) {
            assertThat(state.isTerminal()).isTrue();
            assertThat(effects.events()).isNotEmpty();
        }
        assertThat(effects.waited() != null && effects.events().isEmpty()).isFalse();
    }

    private static void assertThatResultsStay(Trial before, Trial after) {
        if (before.standing() instanceof Standing.Trained || before.standing() instanceof Standing.Diverged) {
            assertThat(after.standing()).isEqualTo(before.standing());
        }
    }

    /** One attempt goes on where the trial is RUNNING, that of the lease, and none elsewhere. */
    private static void assertThatTheHolderAloneTrains(TrialLife life) {
        Trial trial = life.trial();
        assertThat(life.attempts().stream()
                        .filter(attempt -> attempt.end() == null)
                        .map(attempt -> attempt.ref().token()))
                .as(trial.toString())
                .containsExactlyElementsOf(
                        Stream.ofNullable(trial.lease()).map(Trial.Lease::token).toList());
    }

    private void assertThatNothingIsOutTwice() {
        List<Trial> out = lives.values().stream()
                .map(TrialLife::trial)
                .filter(Trial::isOut)
                .toList();
        assertThat(out).noneMatch(one -> out.stream().anyMatch(one::isTwinOf));
    }
}
