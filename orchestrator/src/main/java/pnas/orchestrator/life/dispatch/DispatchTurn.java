package pnas.orchestrator.life.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.Trial;
import pnas.orchestrator.life.dispatch.FairShare.Claimant;
import pnas.orchestrator.specification.Specification;

/**
 * Which queued trials of an engine are answered with what others have trained, and which are sent to the trainers.
 *
 * <ul>
 *   <li>A trial of an experiment that reuses results takes the oldest one that a live trainer would compute as well, and is not sent.
 *   <li>While its twin is out, such a trial is held back. Of several trials with one training key, one goes out in a turn.
 *   <li>An experiment has no more trainings out than it may have at once, and no more jobs waiting for their claims than its budget has trainings left.
 *   <li>An engine has no more jobs waiting for their claims than its trainers will soon take.
 *   <li>Of one experiment the trial goes first that is expected to take longest. Which experiment is next {@link FairShare} decides.
 * </ul>
 */
public final class DispatchTurn {
    private final long room;
    private final Map<String, Head> heads;
    private final Set<String> keysOut;

    /**
     * @param unclaimed the most trials of the engine that may be sent and not claimed
     * @param heads all experiments of the engine that are not over
     */
    public DispatchTurn(long unclaimed, List<Head> heads) {
        this.room = Math.max(
                0,
                unclaimed
                        - heads.stream()
                                .mapToLong(head -> head.out().dispatched())
                                .sum());
        this.heads = heads.stream().collect(Collectors.toMap(Head::experimentId, Function.identity()));
        this.keysOut =
                heads.stream().flatMap(head -> head.out().keys().stream()).collect(Collectors.toSet());
    }

    /**
     * An experiment that is not over.
     *
     * @param dispatching whether its trials may be sent
     * @param reuse whether a result of another experiment is as good as one of its own, so that nothing is trained twice at once
     * @param granted attempts that were granted, which its budget pays for; need not be counted where trainings are not limited
     */
    public record Head(
            String experimentId,
            boolean dispatching,
            boolean reuse,
            Sharing share,
            Limits limits,
            long granted,
            Out out) {
        /**
         * An experiment as it was specified.
         *
         * @param turn see {@link Sharing}
         */
        public static Head of(
                String experimentId,
                ExperimentState state,
                Specification specification,
                double turn,
                long granted,
                Out out) {
            return new Head(
                    experimentId,
                    state == ExperimentState.RUNNING,
                    specification.execution().reusesResults(),
                    new Sharing(
                            specification.share().priority(),
                            specification.share().weight(),
                            turn),
                    new Limits(
                            specification.share().maxParallelTrainings(),
                            specification.budget().trainings()),
                    granted,
                    out);
        }
    }

    /**
     * How it shares the trainers with others.
     *
     * @param priority the higher goes first
     * @param weight positive
     * @param turn trainings sent for its weight, as {@link FairShare} counts them
     */
    public record Sharing(int priority, int weight, double turn) {}

    /**
     * What it may have, where that is limited.
     *
     * @param parallel trainings at once
     * @param trainings of its budget
     */
    public record Limits(
            @Nullable Integer parallel, @Nullable Integer trainings) {}

    /**
     * What it has out.
     *
     * @param dispatched trials that were sent and are not claimed
     * @param running trials that are trained
     * @param keys the training keys of all of them
     */
    public record Out(long dispatched, long running, Set<String> keys) {
        public Out {
            keys = Set.copyOf(keys);
        }
    }

    /**
     * A queued trial.
     *
     * @param trainingKey trials with the same one are twins; absent where nothing is trained
     * @param expectedSeconds how long it is expected to take
     * @param multiplyAdds of its network: what takes more goes first where times are expected to be the same
     */
    public record Candidate(String trialId, @Nullable String trainingKey, double expectedSeconds, long multiplyAdds) {
        public static final Comparator<Candidate> LONGEST_FIRST = Comparator.comparingDouble(Candidate::expectedSeconds)
                .thenComparingLong(Candidate::multiplyAdds)
                .reversed()
                .thenComparing(Candidate::trialId);

        String experimentId() {
            return Trial.ownerOf(trialId);
        }
    }

    /**
     * A result that a queued trial could have.
     *
     * @param trialId of the queued trial
     * @param resultId of the trial that has the result
     * @param machine that computed it
     * @param finishedAt when it was there
     */
    public record Answer(String trialId, String resultId, Machine machine, Instant finishedAt) {
        private static final Comparator<Answer> OLDEST_FIRST =
                Comparator.comparing(Answer::finishedAt).thenComparing(Answer::resultId);
    }

    /**
     * What is done.
     *
     * @param reused in the order of the trials' ids
     * @param sent in the order in which they go out
     */
    public record Decision(List<Reused> reused, List<Sent> sent) {
        public Decision {
            reused = List.copyOf(reused);
            sent = List.copyOf(sent);
        }
    }

    /** A trial that has the result of another one. */
    public record Reused(String trialId, String resultId) {}

    /**
     * A trial whose job goes out.
     *
     * @param turn that of its experiment, once it is sent
     */
    public record Sent(String trialId, double turn) {}

    /** Whether it matters what others have trained. */
    public boolean mayReuse() {
        return heads.values().stream().anyMatch(head -> head.dispatching() && head.reuse());
    }

    /** How many queued trials of each experiment need be known, the longest first; of one that is left out, none. */
    public Map<String, Long> wanted() {
        Map<String, Long> wanted = new HashMap<>();
        heads.forEach((id, head) -> {
            long allowed = allowed(head);
            if (allowed > 0) {
                // Of each key that is out it may have one trial that is held back.
                wanted.put(id, head.reuse() ? allowed + keysOut.size() : allowed);
            }
        });
        return wanted;
    }

    /**
     * Decides.
     *
     * @param candidates at least those that are {@linkplain #wanted wanted}
     * @param answers all that queued trials could have
     * @param machines what the live trainers compute with
     */
    public Decision decide(List<Candidate> candidates, List<Answer> answers, Set<Machine> machines) {
        Map<String, String> reused = reused(answers, machines);
        return new Decision(
                reused.entrySet().stream()
                        .map(each -> new Reused(each.getKey(), each.getValue()))
                        .toList(),
                sent(candidates.stream()
                        .filter(candidate -> !reused.containsKey(candidate.trialId()))
                        .toList()));
    }

    private Map<String, String> reused(List<Answer> answers, Set<Machine> machines) {
        Map<String, String> reused = new TreeMap<>();
        answers.stream()
                .filter(answer -> machines.contains(answer.machine()))
                .filter(answer -> {
                    Head head = heads.get(Trial.ownerOf(answer.trialId()));
                    return head != null && head.dispatching() && head.reuse();
                })
                .sorted(Answer.OLDEST_FIRST)
                .forEach(answer -> reused.putIfAbsent(answer.trialId(), answer.resultId()));
        return reused;
    }

    private List<Sent> sent(List<Candidate> candidates) {
        Map<String, List<Candidate>> waiting = new HashMap<>();
        candidates.stream()
                .filter(candidate -> !isHeldBack(candidate))
                .sorted(Candidate.LONGEST_FIRST)
                .forEach(candidate -> waiting.computeIfAbsent(candidate.experimentId(), _ -> new ArrayList<>())
                        .add(candidate));
        waiting.replaceAll((id, own) -> own.subList(0, (int) Math.min(own.size(), allowed(heads.get(id)))));
        Set<Candidate> first = firstOfTwins(waiting);
        List<Claimant<Candidate>> claimants = heads.values().stream()
                .filter(Head::dispatching)
                .map(head -> claimant(
                        head,
                        waiting.getOrDefault(head.experimentId(), List.of()).stream()
                                .filter(first::contains)
                                .toList()))
                .toList();
        return FairShare.choose(claimants, room).stream()
                .map(choice -> new Sent(choice.training().trialId(), choice.turn()))
                .toList();
    }

    private boolean isHeldBack(Candidate candidate) {
        Head head = heads.get(candidate.experimentId());
        return head != null && head.reuse() && keysOut.contains(candidate.trainingKey());
    }

    private long allowed(@Nullable Head head) {
        if (head == null || !head.dispatching()) {
            return 0;
        }
        long allowed = room;
        Out out = head.out();
        if (head.limits().parallel() != null) {
            allowed = Math.min(allowed, head.limits().parallel() - out.dispatched() - out.running());
        }
        if (head.limits().trainings() != null) {
            allowed = Math.min(allowed, head.limits().trainings() - head.granted() - out.dispatched());
        }
        return Math.max(0, allowed);
    }

    /** All but those that would train the same as one that is expected to take no less. */
    private static Set<Candidate> firstOfTwins(Map<String, List<Candidate>> waiting) {
        Set<String> keys = new HashSet<>();
        return waiting.values().stream()
                .flatMap(List::stream)
                .sorted(Candidate.LONGEST_FIRST)
                .filter(candidate -> candidate.trainingKey() == null || keys.add(candidate.trainingKey()))
                .collect(Collectors.toSet());
    }

    private static Claimant<Candidate> claimant(Head head, List<Candidate> waiting) {
        return new Claimant<>(
                head.experimentId(),
                head.share().priority(),
                head.share().weight(),
                head.out().dispatched() + head.out().running(),
                head.share().turn(),
                waiting);
    }
}
