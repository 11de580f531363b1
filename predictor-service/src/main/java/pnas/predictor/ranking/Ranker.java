package pnas.predictor.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cell.Block;
import pnas.cell.Cell;
import pnas.cell.Operation;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.message.RankingAnswer;
import pnas.message.RankingAnswer.Histogram;
import pnas.message.RankingAnswer.Quality;
import pnas.message.RankingAnswer.Ranked;
import pnas.message.RankingAnswer.Scored;
import pnas.message.RankingRequest.Header;
import pnas.message.RankingRequest.Observation;
import pnas.predictor.encoding.Candidates;
import pnas.predictor.encoding.Candidates.Family;
import pnas.predictor.encoding.LearningSet;
import pnas.predictor.fitting.Interruption;
import pnas.predictor.model.FittedPredictor;
import pnas.predictor.model.Intervals;
import pnas.predictor.model.Predictor;
import pnas.predictor.model.Predictors;
import pnas.statistics.Correlation;

/** Answers a ranking request: learns, scores, and keeps the best. Equal requests get equal answers but for the time that it took. */
final class Ranker {
    private static final int BINS = 40;
    /** How many candidates are scored, at least, from one look at who watches to the next: some seconds of work. */
    private static final int SLICE = 32_768;

    /** Fewer cells than these say nothing about quality. */
    private static final int LEAST_CELLS = 10;

    private final LongSupplier nanoTime;

    /** @param nanoTime a clock in nanoseconds */
    Ranker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Is told how far a ranking is. */
    @FunctionalInterface
    interface Watcher {
        /** So many candidates have a score; 0 once everything is learnt. */
        void scored(int candidates);
    }

    /**
     * The ranking. Soon after its thread is interrupted it ends.
     *
     * @throws CancellationException where it was interrupted
     * @throws PnasException with INVALID_INPUT where the request asks for what cannot be, with RANKING_FAILED where the computation failed
     */
    Ranked rank(RankingTask task, Watcher watcher) {
        long start = nanoTime.getAsLong();
        Header header = task.header();
        requireValid(task);
        try {
            LearningSet cells = new LearningSet(task.observations());
            Candidates candidates = new Candidates(header.stage(), task.families());
            FittedPredictor fitted = predictor(header).fit(cells, header.seed());
            double[] scores = scores(fitted, candidates, watcher);
            return new Ranked(
                    RankingAnswer.SCHEMA_VERSION,
                    header.requestId(),
                    header.experimentId(),
                    scores.length,
                    withIntervals(
                            best(candidates, scores, header.keep()),
                            Intervals.of(PredictorName.parse(header.predictor()), cells, fitted)),
                    histogram(scores),
                    quality(cells, fitted.heldOutScores()),
                    (nanoTime.getAsLong() - start) / 1e9);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new PnasException(
                    ErrorCode.RANKING_FAILED,
                    "the predictor " + header.predictor() + " failed for experiment " + header.experimentId() + ": "
                            + e,
                    e);
        }
    }

    /** Families do not depend on each other: in slices they get the scores that they get at once. */
    private static double[] scores(FittedPredictor fitted, Candidates candidates, Watcher watcher) {
        double[] scores = new double[candidates.count()];
        int scored = 0;
        int coming = 0;
        List<Family> slice = new ArrayList<>();
        watcher.scored(0);
        for (Family family : candidates.families()) {
            slice.add(family);
            coming += family.children().size();
            if (coming >= SLICE || scored + coming == scores.length) {
                Interruption.check();
                if (coming > 0) {
                    System.arraycopy(
                            fitted.score(new Candidates(candidates.blocks(), slice)), 0, scores, scored, coming);
                }
                scored += coming;
                watcher.scored(scored);
                slice.clear();
                coming = 0;
            }
        }
        return scores;
    }

    private static void requireValid(RankingTask task) {
        List<Problem> problems = Stream.of(
                        problem(
                                "predictor",
                                () -> PredictorName.parse(task.header().predictor())),
                        problem("fitting", () -> requireFitting(task.header())),
                        problem("observations", () -> new LearningSet(task.observations())),
                        problem("candidates", () -> requireValid(task.header(), task.families())))
                .flatMap(List::stream)
                .toList();
        if (!problems.isEmpty()) {
            throw PnasException.invalidInput(problems);
        }
    }

    private static Predictor predictor(Header header) {
        PredictorName name = PredictorName.parse(header.predictor());
        return header.fitting() == null ? Predictors.of(name) : Predictors.of(name, Fitting.parse(header.fitting()));
    }

    /** What is wrong with the predictor's name is said of that field. */
    private static void requireFitting(Header header) {
        if (header.fitting() != null) {
            Fitting fitting = Fitting.parse(header.fitting());
            PredictorName.find(header.predictor()).ifPresent(name -> name.requireThatItLearns(fitting));
        }
    }

    private static List<Problem> problem(String field, Runnable check) {
        try {
            check.run();
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(new Problem(field, String.valueOf(e.getMessage())));
        }
    }

    private static void requireValid(Header header, List<Family> families) {
        Set<Operation> operations = Set.copyOf(header.operations());
        for (Family family : families) {
            if (!family.parent().isCanonical()) {
                throw new IllegalArgumentException("a parent must be in canonical form, got "
                        + family.parent().text());
            }
            for (Block child : family.children()) {
                if (!operations.contains(child.left().operation())
                        || !operations.contains(child.right().operation())) {
                    throw new IllegalArgumentException(
                            "operations must be among " + header.operations() + ", got " + child.text());
                }
            }
        }
        new Candidates(header.stage(), families);
    }

    private record Candidate(Cell cell, Cell canonical, double score) {}

    /** The best of the candidates, best first; equal scores by the least canonical text. */
    static List<Scored> best(Candidates candidates, double[] scores, int keep) {
        double[] ascending = scores.clone();
        Arrays.sort(ascending);
        double least = ascending[Math.max(0, ascending.length - keep)];
        List<Candidate> found = new ArrayList<>();
        int next = 0;
        for (Family family : candidates.families()) {
            for (Block child : family.children()) {
                double score = scores[next++];
                if (score >= least) {
                    Cell cell = family.parent().plus(child);
                    found.add(new Candidate(cell, cell.canonical(), score));
                }
            }
        }
        return found.stream()
                .sorted(Comparator.comparingDouble(Candidate::score)
                        .reversed()
                        .thenComparing(Candidate::canonical)
                        .thenComparing(Candidate::cell))
                .limit(keep)
                .map(candidate -> new Scored(candidate.cell(), candidate.score()))
                .toList();
    }

    private static List<Scored> withIntervals(List<Scored> best, Optional<Intervals> intervals) {
        return intervals
                .map(found -> best.stream()
                        .map(scored -> {
                            Intervals.Interval interval = found.of(scored.cell(), scored.score());
                            return new Scored(scored.cell(), scored.score(), interval.least(), interval.greatest());
                        })
                        .toList())
                .orElse(best);
    }

    private static Histogram histogram(double[] scores) {
        double least = Arrays.stream(scores).min().orElseThrow();
        double greatest = Arrays.stream(scores).max().orElseThrow();
        Integer[] counts = new Integer[BINS];
        Arrays.fill(counts, 0);
        for (double score : scores) {
            int bin = score == greatest ? BINS - 1 : (int) (BINS * (score - least) / (greatest - least));
            counts[Math.min(bin, BINS - 1)]++;
        }
        return new Histogram(least, greatest, List.of(counts));
    }

    /** How well the cells of the last stage are predicted by fits that have not seen them. */
    private static @Nullable Quality quality(LearningSet cells, double[] heldOutScores) {
        double[] accuracies = cells.accuracies();
        int[] stages = cells.stages();
        int last = cells.cells().stream()
                .filter(cell -> cell.accuracy() != null)
                .mapToInt(Observation::stage)
                .max()
                .orElseThrow();
        int[] judged = IntStream.range(0, accuracies.length)
                .filter(cell -> stages[cell] == last && !Double.isNaN(accuracies[cell]))
                .toArray();
        if (judged.length < LEAST_CELLS) {
            return null;
        }
        double[] predicted =
                IntStream.of(judged).mapToDouble(cell -> heldOutScores[cell]).toArray();
        double[] measured =
                IntStream.of(judged).mapToDouble(cell -> accuracies[cell]).toArray();
        return new Quality(
                orNull(Correlation.spearman(predicted, measured)),
                orNull(Correlation.pearson(predicted, measured)),
                orNull(Correlation.kendall(predicted, measured)),
                judged.length);
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
