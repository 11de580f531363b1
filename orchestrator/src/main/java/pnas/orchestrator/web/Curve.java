package pnas.orchestrator.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import pnas.cell.Cell;
import pnas.orchestrator.trial.Trials;

/**
 * The best accuracy of all stages so far by the number of trials that have ended.
 *
 * @param finished trials that ended, with a result or without, cancelled ones aside
 * @param trainerSeconds what these took of trainers
 * @param points those with an accuracy, in the order in which they ended
 */
record Curve(int finished, double trainerSeconds, List<Point> points) {
    Curve {
        points = List.copyOf(points);
    }

    /**
     * A trial that has an accuracy.
     *
     * @param number how many had ended with it, from 1
     * @param trainerSeconds what these took of trainers
     * @param best the best accuracy of these
     */
    record Point(
            int number, double trainerSeconds, String cellId, Cell cell, int stage, double accuracy, double best) {}

    /** The curve of trials that are over, in the order in which they ended. */
    static Curve of(List<Trials.Ended> ended) {
        List<Point> points = new ArrayList<>();
        double seconds = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < ended.size(); i++) {
            Trials.Ended trial = ended.get(i);
            seconds += trial.trainerSeconds();
            Double accuracy = trial.accuracy();
            if (accuracy != null) {
                best = Math.max(best, accuracy);
                points.add(new Point(i + 1, seconds, trial.cellId(), trial.cell(), trial.stage(), accuracy, best));
            }
        }
        return new Curve(ended.size(), seconds, points);
    }

    /** The points at which the curve rises. */
    public List<Point> improvements() {
        List<Point> improvements = new ArrayList<>();
        double best = Double.NEGATIVE_INFINITY;
        for (Point point : points) {
            if (point.accuracy() > best) {
                best = point.accuracy();
                improvements.add(point);
            }
        }
        return improvements;
    }

    /** The same curve with at most this many points: all improvements, as far as they fit, and some of the others, evenly spread. */
    Curve atMost(int limit) {
        if (points.size() <= limit) {
            return this;
        }
        List<Point> improvements = improvements();
        List<Point> kept = new ArrayList<>();
        int others = points.size() - improvements.size();
        int room = Math.max(0, limit - improvements.size());
        int seen = 0;
        int nextImprovement = 0;
        for (Point point : points) {
            if (nextImprovement < improvements.size() && point.equals(improvements.get(nextImprovement))) {
                nextImprovement++;
                kept.add(point);
            } else {
                // Keeps the point where the share of room used rises by one.
                if ((long) (seen + 1) * room / others > (long) seen * room / others) {
                    kept.add(point);
                }
                seen++;
            }
        }
        return new Curve(finished, trainerSeconds, kept.subList(Math.max(0, kept.size() - limit), kept.size()));
    }

    /** The curve in a sentence. */
    public String summary() {
        List<Point> improvements = improvements();
        if (improvements.isEmpty()) {
            return "No cell is measured.";
        }
        Point best = improvements.getLast();
        return String.format(
                Locale.ROOT,
                "Best of all stages: %s in stage %d, trial %s of the %s that ended; improvements: %d.",
                Formats.percent(best.accuracy()),
                best.stage(),
                Formats.grouped(best.number()),
                Formats.grouped(finished),
                improvements.size() - 1);
    }
}
