package pnas.orchestrator.life.dispatch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose trainings go out next, where several experiments share the trainers of an engine.
 *
 * <p>The highest priority takes all it can. Within one priority it is weighted fair queueing under a quota. Who has something to send and is below
 * its share of the trainings that are out, by weight, may send one; of those, who would have the least number of trainings sent for its weight, the
 * <i>turn</i>. The quota shares out the trainers whatever trainings take; from nothing on, everybody stays within one training of its share
 * (Balinski and Young, <i>The quota method of apportionment</i>, 1975). The turn sees to it that a small weight is served too where its share is
 * less than a training: the turns of the others pass it.
 */
public final class FairShare {
    /** A share of slots is told to within an eighth of one. */
    private static final long PARTS = 8;

    private FairShare() {}

    /**
     * An experiment that shares.
     *
     * @param priority the higher goes first
     * @param weight positive
     * @param out its trainings that are dispatched or running
     * @param turn trainings sent for its weight, as this counts them: the answer to the latest choice
     * @param waiting what it may send now, in its order
     */
    record Claimant<T>(String experimentId, int priority, int weight, long out, double turn, List<T> waiting) {
        Claimant {
            waiting = List.copyOf(waiting);
        }
    }

    /**
     * What is sent.
     *
     * @param turn that of its experiment, once it is sent
     */
    record Choice<T>(String experimentId, T training, double turn) {}

    /**
     * An experiment that has trainings.
     *
     * @param parallel how many of them may go on at once, absent where they may all
     * @param running those that go on
     * @param waiting those that do not, whether they may or not
     */
    public record Sharer(
            String experimentId,
            int priority,
            int weight,
            @Nullable Integer parallel,
            long running,
            long waiting) {
        /** How many could go on at once. */
        public long trainings() {
            long open = running + waiting;
            return parallel == null ? open : Math.min(open, parallel);
        }
    }

    /**
     * How many slots each has on average, by its id: 0 for whose trainings wait while others of a higher priority want all slots.
     *
     * @param slots of the live trainers
     */
    public static Map<String, Double> shares(List<Sharer> sharers, long slots) {
        List<Claimant<Integer>> claimants = sharers.stream()
                .map(sharer -> new Claimant<>(
                        sharer.experimentId(),
                        sharer.priority(),
                        sharer.weight(),
                        0,
                        0,
                        Collections.nCopies((int) (PARTS * Math.min(sharer.trainings(), slots)), 0)))
                .toList();
        Map<String, Long> parts = choose(claimants, PARTS * slots).stream()
                .collect(Collectors.groupingBy(Choice::experimentId, Collectors.counting()));
        return sharers.stream()
                .collect(Collectors.toMap(
                        Sharer::experimentId,
                        sharer -> share(sharer, parts.getOrDefault(sharer.experimentId(), 0L), sharers, slots)));
    }

    private static double share(Sharer sharer, long parts, List<Sharer> sharers, long slots) {
        if (sharer.waiting() == 0) {
            // Nobody takes away what it has.
            return Math.max((double) sharer.running(), (double) parts / PARTS);
        }
        long higher = sharers.stream()
                .filter(other -> other.priority() > sharer.priority())
                .mapToLong(Sharer::trainings)
                .sum();
        // Where a small weight gets no part, it is not nothing that it has, but little.
        return higher >= slots ? 0 : (double) Math.max(1, parts) / PARTS;
    }

    /** As many trainings as there is room for, in the order in which they go out; ties go to the least id. */
    static <T> List<Choice<T>> choose(List<Claimant<T>> claimants, long room) {
        List<Choice<T>> chosen = new ArrayList<>();
        claimants.stream()
                .map(Claimant::priority)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .forEach(priority -> {
                    Queue<T> queue = new Queue<>(claimants.stream()
                            .filter(claimant -> claimant.priority() == priority)
                            .sorted(Comparator.comparing(Claimant::experimentId))
                            .toList());
                    while (chosen.size() < room && queue.hasMore()) {
                        chosen.add(queue.next());
                    }
                });
        return chosen;
    }

    /** The experiments of one priority. */
    private static final class Queue<T> {
        private final List<Claimant<T>> claimants;
        private final Map<String, Integer> sent = new HashMap<>();
        private final Map<String, Double> turns = new HashMap<>();

        Queue(List<Claimant<T>> claimants) {
            this.claimants = claimants;
            double latest = claimants.stream().mapToDouble(Claimant::turn).max().orElse(0);
            // Who had nothing to send for a while has saved up no more than one training.
            claimants.forEach(claimant -> {
                sent.put(claimant.experimentId(), 0);
                turns.put(claimant.experimentId(), Math.max(claimant.turn(), latest - 1.0 / claimant.weight()));
            });
        }

        boolean hasMore() {
            return claimants.stream().anyMatch(this::wants);
        }

        Choice<T> next() {
            List<Claimant<T>> able = claimants.stream().filter(this::wants).toList();
            long out = 1 + able.stream().mapToLong(this::out).sum();
            long weights = able.stream().mapToLong(Claimant::weight).sum();
            Claimant<T> next = able.stream()
                    .filter(claimant -> out(claimant) * weights < out * claimant.weight())
                    .min(Comparator.comparingDouble(this::nextTurn))
                    .orElseThrow();
            double turn = nextTurn(next);
            turns.put(next.experimentId(), turn);
            int place = Objects.requireNonNull(sent.merge(next.experimentId(), 1, Integer::sum)) - 1;
            return new Choice<>(next.experimentId(), next.waiting().get(place), turn);
        }

        private boolean wants(Claimant<T> claimant) {
            return sent(claimant) < claimant.waiting().size();
        }

        private long out(Claimant<T> claimant) {
            return claimant.out() + sent(claimant);
        }

        private int sent(Claimant<T> claimant) {
            return sent.getOrDefault(claimant.experimentId(), 0);
        }

        private double nextTurn(Claimant<T> claimant) {
            return turns.getOrDefault(claimant.experimentId(), 0.0) + 1.0 / claimant.weight();
        }
    }
}
