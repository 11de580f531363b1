package pnas.orchestrator.life.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import pnas.orchestrator.life.Lives;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.life.dispatch.DispatchTurn.Answer;
import pnas.orchestrator.life.dispatch.DispatchTurn.Candidate;
import pnas.orchestrator.life.dispatch.DispatchTurn.Decision;
import pnas.orchestrator.life.dispatch.DispatchTurn.Head;
import pnas.orchestrator.life.dispatch.DispatchTurn.Limits;
import pnas.orchestrator.life.dispatch.DispatchTurn.Out;
import pnas.orchestrator.life.dispatch.DispatchTurn.Sharing;
import pnas.orchestrator.life.dispatch.FairShare.Choice;
import pnas.orchestrator.life.dispatch.FairShare.Claimant;

/** What holds in every turn of experiments that share trainers, have cells in common, end their trainings, fail, and are paused. */
class DispatchTurnPropertiesTest {
    private static final int SCHEDULES = 50;
    private static final int TURNS = 60;

    /** A trial as a queue sees it. */
    private static final class Waiting {
        private final String id;
        private final @Nullable String key;
        private final double seconds;
        private final long multiplyAdds;
        private TrialState state = TrialState.QUEUED;
        private boolean reused;

        Waiting(String experiment, int cell, boolean trains, Random random) {
            id = experiment + "-" + cell;
            key = trains ? "key " + cell : null;
            seconds = random.nextInt(3);
            multiplyAdds = random.nextInt(3);
        }

        boolean isOut() {
            return state == TrialState.DISPATCHED || state == TrialState.RUNNING;
        }

        Candidate candidate() {
            return new Candidate(id, key, seconds, multiplyAdds);
        }
    }

    /** An experiment as a queue sees it. */
    private static final class Searcher {
        private final String id;
        private final boolean reuse;
        private final int priority;
        private final int weight;
        private final Limits limits;
        private final List<Waiting> trials = new ArrayList<>();
        private boolean paused;
        private double turn;
        private long granted;

        Searcher(int number, Random random) {
            id = String.valueOf((char) ('a' + number)).repeat(8);
            reuse = random.nextInt(3) > 0;
            priority = random.nextInt(4) == 0 ? 1 : 0;
            weight = 1 + random.nextInt(4);
            limits = new Limits(
                    random.nextBoolean() ? null : 1 + random.nextInt(5),
                    random.nextBoolean() ? null : 3 + random.nextInt(12));
            boolean trains = random.nextInt(5) > 0;
            for (int cell = 0; cell < 12; cell++) {
                if (random.nextInt(3) > 0) {
                    trials.add(new Waiting(id, cell, trains, random));
                }
            }
        }

        long count(TrialState state) {
            return trials.stream().filter(trial -> trial.state == state).count();
        }

        Head head() {
            return new Head(
                    id,
                    !paused,
                    reuse,
                    new Sharing(priority, weight, turn),
                    limits,
                    granted,
                    new Out(
                            count(TrialState.DISPATCHED),
                            count(TrialState.RUNNING),
                            trials.stream()
                                    .filter(Waiting::isOut)
                                    .map(trial -> trial.key)
                                    .filter(Objects::nonNull)
                                    .collect(Collectors.toSet())));
        }
    }

    private final List<Searcher> searchers = new ArrayList<>();

    @RepeatedTest(SCHEDULES)
    void hold_in_every_schedule(RepetitionInfo schedule) {
        Random random = new Random(schedule.getCurrentRepetition());
        for (int number = 0; number < 2 + random.nextInt(4); number++) {
            searchers.add(new Searcher(number, random));
        }
        for (int turn = 0; turn < TURNS; turn++) {
            long unclaimed = random.nextInt(8);
            DispatchTurn asked = new DispatchTurn(
                    unclaimed, searchers.stream().map(Searcher::head).toList());
            Decision decision = asked.decide(candidates(), answers(), Set.of(Lives.MACHINE));

            decision.reused().forEach(reused -> reuse(trial(reused.trialId())));
            assertThat(decision.sent())
                    .extracting(DispatchTurn.Sent::trialId)
                    .isEqualTo(asTheQueriesDid(unclaimed))
                    .isEqualTo(asked.decide(wanted(asked.wanted()), List.of(), Set.of()).sent().stream()
                            .map(DispatchTurn.Sent::trialId)
                            .toList());
            decision.sent().forEach(this::send);
            assertThatNothingIsTooMuch(unclaimed);
            for (int event = random.nextInt(6); event > 0; event--) {
                happen(random);
            }
        }
    }

    private void reuse(Waiting trial) {
        assertThat(trial.state).isEqualTo(TrialState.QUEUED);
        trial.state = TrialState.TRAINED;
        trial.reused = true;
    }

    private void send(DispatchTurn.Sent sent) {
        Waiting trial = trial(sent.trialId());
        Searcher owner = owner(trial);
        assertThat(trial.state).isEqualTo(TrialState.QUEUED);
        assertThat(owner.paused).isFalse();
        if (owner.reuse && trial.key != null) {
            assertThat(trials(other -> other.isOut() && trial.key.equals(other.key)))
                    .as("twins of %s that are out", trial.id)
                    .isEmpty();
        }
        trial.state = TrialState.DISPATCHED;
        owner.turn = sent.turn();
    }

    private void assertThatNothingIsTooMuch(long unclaimed) {
        long dispatched = searchers.stream()
                .mapToLong(searcher -> searcher.count(TrialState.DISPATCHED))
                .sum();
        // Before there were fewer slots more may have been sent.
        assertThat(dispatched).isLessThanOrEqualTo(Math.max(unclaimed, 8));
        for (Searcher searcher : searchers) {
            if (searcher.limits.parallel() != null) {
                assertThat(searcher.count(TrialState.DISPATCHED) + searcher.count(TrialState.RUNNING))
                        .isLessThanOrEqualTo(searcher.limits.parallel());
            }
            if (searcher.limits.trainings() != null) {
                assertThat(searcher.granted + searcher.count(TrialState.DISPATCHED))
                        .as("granted and sent of %s", searcher.id)
                        .isLessThanOrEqualTo(searcher.limits.trainings());
            }
        }
    }

    private void happen(Random random) {
        List<Waiting> all = trials(_ -> true);
        Waiting trial = all.get(random.nextInt(all.size()));
        Searcher owner = owner(trial);
        switch (random.nextInt(6)) {
            case 0 -> owner.paused = !owner.paused && random.nextBoolean();
            case 1, 2, 3 -> {
                if (trial.state == TrialState.DISPATCHED) {
                    trial.state = TrialState.RUNNING;
                    owner.granted++;
                }
            }
            case 4 -> {
                if (trial.state == TrialState.RUNNING) {
                    trial.state = TrialState.TRAINED;
                }
            }
            default -> {
                if (trial.isOut()) {
                    trial.state = TrialState.QUEUED;
                }
            }
        }
    }

    private List<Candidate> candidates() {
        return trials(trial -> trial.state == TrialState.QUEUED).stream()
                .map(Waiting::candidate)
                .toList();
    }

    /** Of each experiment so many, the longest first. */
    private List<Candidate> wanted(Map<String, Long> most) {
        return searchers.stream()
                .flatMap(searcher -> searcher.trials.stream()
                        .filter(trial -> trial.state == TrialState.QUEUED)
                        .sorted(LONGEST_FIRST)
                        .limit(most.getOrDefault(searcher.id, 0L)))
                .map(Waiting::candidate)
                .toList();
    }

    private List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        for (Waiting result :
                trials(trial -> trial.state == TrialState.TRAINED && !trial.reused && trial.key != null)) {
            trials(trial -> trial.state == TrialState.QUEUED && Objects.equals(result.key, trial.key))
                    .forEach(trial -> answers.add(new Answer(trial.id, result.id, Lives.MACHINE, Instant.EPOCH)));
        }
        return answers;
    }

    // ---- the rules as they stood in the queries, step by step

    private static final Comparator<Waiting> LONGEST_FIRST = Comparator.comparingDouble(
                    (Waiting trial) -> -trial.seconds)
            .thenComparingLong(trial -> -trial.multiplyAdds)
            .thenComparing(trial -> trial.id);

    private List<String> asTheQueriesDid(long unclaimed) {
        long room = unclaimed
                - trials(trial -> trial.state == TrialState.DISPATCHED).size();
        List<Searcher> running =
                searchers.stream().filter(searcher -> !searcher.paused).toList();
        List<Waiting> waiting = running.stream()
                .flatMap(searcher -> searcher.trials.stream()
                        .filter(trial -> trial.state == TrialState.QUEUED)
                        .filter(trial -> !searcher.reuse
                                || trials(other -> isTwinThatIsOut(trial, other))
                                        .isEmpty())
                        .sorted(LONGEST_FIRST)
                        .limit(limit(searcher, room)))
                .sorted(LONGEST_FIRST)
                .toList();
        Set<String> keys = new HashSet<>();
        Map<String, List<Waiting>> own = waiting.stream()
                .filter(trial -> trial.key == null || keys.add(trial.key))
                .collect(Collectors.groupingBy(trial -> owner(trial).id));
        return FairShare.choose(
                        running.stream()
                                .map(searcher -> new Claimant<>(
                                        searcher.id,
                                        searcher.priority,
                                        searcher.weight,
                                        searcher.count(TrialState.DISPATCHED) + searcher.count(TrialState.RUNNING),
                                        searcher.turn,
                                        own.getOrDefault(searcher.id, List.of())))
                                .toList(),
                        room)
                .stream()
                .map(Choice::training)
                .map(trial -> trial.id)
                .toList();
    }

    private static boolean isTwinThatIsOut(Waiting trial, Waiting other) {
        return trial.key != null && trial.key.equals(other.key) && other.isOut();
    }

    private static long limit(Searcher searcher, long room) {
        long limit = room;
        if (searcher.limits.parallel() != null) {
            limit = Math.min(
                    limit,
                    searcher.limits.parallel()
                            - searcher.count(TrialState.DISPATCHED)
                            - searcher.count(TrialState.RUNNING));
        }
        if (searcher.limits.trainings() != null) {
            limit = Math.min(
                    limit, searcher.limits.trainings() - searcher.granted - searcher.count(TrialState.DISPATCHED));
        }
        return Math.max(0, limit);
    }

    private List<Waiting> trials(Predicate<Waiting> which) {
        return searchers.stream()
                .map(searcher -> searcher.trials)
                .flatMap(Collection::stream)
                .filter(which)
                .toList();
    }

    private Waiting trial(String id) {
        return trials(trial -> trial.id.equals(id)).getFirst();
    }

    private Searcher owner(Waiting trial) {
        return searchers.stream()
                .filter(searcher -> trial.id.startsWith(searcher.id))
                .findFirst()
                .orElseThrow();
    }
}
