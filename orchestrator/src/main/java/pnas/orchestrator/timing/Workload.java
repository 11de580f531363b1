package pnas.orchestrator.timing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Trainings that some slots do together.
 *
 * @param running what is left of those that slots do now
 * @param waiting those that a slot takes as soon as it is free, the longest first
 */
public record Workload(List<TimePrediction> running, List<TimePrediction> waiting) {
    public Workload {
        running = List.copyOf(running);
        waiting = waiting.stream()
                .sorted(Comparator.comparingDouble(TimePrediction::seconds).reversed())
                .toList();
    }

    /**
     * How long it is until the last of them ends. What trainings differ by on their own matters the less the more of them a slot does one after
     * the other.
     *
     * @param slots how many of them go on at once, on average: one and a half take a third longer than two. More where more are running now
     */
    public Estimate span(double slots) {
        double whole = Math.ceil(slots);
        double stretch = whole / slots;
        return estimate(
                stretch * span(seconds(running), seconds(waiting), Math.max((int) whole, running.size())), slots);
    }

    /** What they take of the time of slots, all of them together. */
    public Estimate sum() {
        return estimate(all().stream().mapToDouble(TimePrediction::seconds).sum(), 1);
    }

    /**
     * When the last of some trainings ends that free slots take in this order, in seconds from now.
     *
     * @param running seconds until a slot is free that is not, at most as many as there are slots
     * @param waiting seconds that each training takes
     */
    static double span(List<Double> running, List<Double> waiting, int slots) {
        PriorityQueue<Double> free = new PriorityQueue<>(running);
        free.addAll(Collections.nCopies(slots - running.size(), 0.0));
        double last = running.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        for (double seconds : waiting) {
            double end = free.remove() + seconds;
            free.add(end);
            last = Math.max(last, end);
        }
        return last;
    }

    private Estimate estimate(double seconds, double slots) {
        double sum = 0;
        double squares = 0;
        double model = 0;
        double own = 0;
        for (TimePrediction prediction : all()) {
            sum += prediction.seconds();
            squares += prediction.seconds() * prediction.seconds();
            model += prediction.seconds() * prediction.model();
            own += prediction.seconds() * prediction.own();
        }
        if (sum == 0) {
            return new Estimate(seconds, seconds, seconds, false);
        }
        double alone = Math.min(1, slots * squares / (sum * sum));
        return Estimate.of(
                seconds,
                Math.sqrt(Math.pow(model / sum, 2) + Math.pow(own / sum, 2) * alone),
                all().stream().anyMatch(TimePrediction::guess));
    }

    private List<TimePrediction> all() {
        List<TimePrediction> all = new ArrayList<>(running);
        all.addAll(waiting);
        return all;
    }

    private static List<Double> seconds(List<TimePrediction> predictions) {
        return predictions.stream().map(TimePrediction::seconds).toList();
    }
}
