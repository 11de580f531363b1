package pnas.predictor.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import pnas.message.Fitting;
import pnas.message.PredictorName;
import pnas.predictor.model.Predictors;

/** Asks predictors the same questions with several seeds. */
final class Evaluation {
    private final List<List<Question>> bySeed;

    /**
     * @param questions where the questions come from
     * @param seeds how many; from 0
     */
    Evaluation(Questions questions, int seeds) {
        bySeed = IntStream.range(0, seeds).mapToObj(questions::of).toList();
    }

    /**
     * A predictor to be judged.
     *
     * @param fitting how it learns from stage to stage
     */
    record Candidate(PredictorName name, Fitting fitting) {
        /**
         * Reads {@code gp} or {@code mlp:refit}.
         *
         * @throws IllegalArgumentException where there is no such predictor
         */
        static Candidate parse(String text) {
            int colon = text.indexOf(':');
            PredictorName name = PredictorName.parse(colon < 0 ? text : text.substring(0, colon));
            Fitting fitting = colon < 0 ? name.ownFitting() : Fitting.parse(text.substring(colon + 1));
            Predictors.of(name, fitting);
            return new Candidate(name, fitting);
        }

        @Override
        public String toString() {
            return fitting == name.ownFitting() ? name.text() : name.text() + ":" + fitting.text();
        }
    }

    /**
     * How a predictor did.
     *
     * @param blocks of the cells that were ranked; 0 for the mean over all questions
     * @param cells how many were ranked for each seed
     */
    record Result(
            String predictor,
            int blocks,
            int cells,
            Interval spearman,
            Interval pearson,
            Interval kendall,
            Interval top) {}

    /**
     * The results of one predictor: each question, then their mean.
     *
     * @param progress is told of each seed
     */
    List<Result> judge(Candidate candidate, Consumer<String> progress) {
        List<List<Measures>> measures = new ArrayList<>();
        for (int seed = 0; seed < bySeed.size(); seed++) {
            progress.accept(String.format(Locale.ROOT, "%s: seed %d of %d", candidate, seed + 1, bySeed.size()));
            List<Measures> ofSeed = new ArrayList<>();
            for (Question question : bySeed.get(seed)) {
                double[] scores = Predictors.of(candidate.name(), candidate.fitting())
                        .fit(question.learnt(), seed)
                        .score(question.asked());
                ofSeed.add(Measures.of(scores, question.measured()));
            }
            measures.add(ofSeed);
        }
        List<Result> results = new ArrayList<>();
        List<Question> asked = bySeed.getFirst();
        for (int question = 0; question < asked.size(); question++) {
            int place = question;
            results.add(result(
                    candidate,
                    asked.get(question).asked().blocks(),
                    asked.get(question).measured().length,
                    measures.stream().map(ofSeed -> ofSeed.get(place)).toList()));
        }
        int cells =
                asked.stream().mapToInt(question -> question.measured().length).sum();
        results.add(result(
                candidate, 0, cells, measures.stream().map(Measures::mean).toList()));
        return results;
    }

    private static Result result(Candidate candidate, int blocks, int cells, List<Measures> bySeed) {
        return new Result(
                candidate.toString(),
                blocks,
                cells,
                interval(bySeed, Measures::spearman),
                interval(bySeed, Measures::pearson),
                interval(bySeed, Measures::kendall),
                interval(bySeed, Measures::top));
    }

    private static Interval interval(List<Measures> bySeed, ToDoubleFunction<Measures> of) {
        return Interval.of(bySeed.stream().mapToDouble(of).toArray());
    }
}
