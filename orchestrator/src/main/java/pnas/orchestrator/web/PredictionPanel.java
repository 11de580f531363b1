package pnas.orchestrator.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingAnswer;
import pnas.orchestrator.report.StageDetail;

/**
 * How well the predictor chose the cells of a stage.
 *
 * @param number of the stage
 * @param candidates how many were scored
 * @param summary the comparison in a sentence or two
 * @param histogram of the scores of all candidates, absent before the ranking
 */
record PredictionPanel(
        int number,
        @Nullable Long candidates,
        String summary,
        @Nullable Histogram histogram) {

    /** The histogram as bars of a drawing of 320 by 70 pixels. */
    record Histogram(double least, double greatest, String summary, List<Bar> bars) {
        private static final double WIDTH = 320;
        private static final double HEIGHT = 70;

        /** A bar: its upper left corner and its size. */
        record Bar(double x, double y, double width, double height) {}

        static Histogram of(RankingAnswer.Histogram histogram) {
            List<Integer> counts = histogram.counts();
            int greatest = Math.max(1, Collections.max(counts));
            double width = WIDTH / counts.size();
            List<Bar> bars = new ArrayList<>();
            for (int i = 0; i < counts.size(); i++) {
                // Even one candidate is to be seen.
                double height = counts.get(i) == 0 ? 0 : Math.max(1, HEIGHT * counts.get(i) / greatest);
                bars.add(new Bar(i * width, HEIGHT - height, width - 1, height));
            }
            String summary = "Scores from %s to %s, most around %s"
                    .formatted(
                            Formats.percent(histogram.least()),
                            Formats.percent(histogram.greatest()),
                            Formats.percent(middle(histogram, counts.indexOf(Collections.max(counts)))));
            return new Histogram(histogram.least(), histogram.greatest(), summary, bars);
        }

        private static double middle(RankingAnswer.Histogram histogram, int bin) {
            double width = (histogram.greatest() - histogram.least())
                    / histogram.counts().size();
            return histogram.least() + (bin + 0.5) * width;
        }
    }

    static PredictionPanel of(StageDetail stage) {
        RankingAnswer.Histogram histogram = stage.histogram();
        return new PredictionPanel(
                stage.stage(), stage.candidates(), summary(stage), histogram == null ? null : Histogram.of(histogram));
    }

    /** The held-out figure stands first; the other one says little of a predictor, and the words beside it say so. */
    private static String summary(StageDetail stage) {
        if (stage.cells().isEmpty()) {
            return stage.state().isTerminal()
                    ? "Its candidates were not ranked."
                    : "The ranking of its candidates is awaited.";
        }
        if (stage.histogram() == null) {
            return "Chance chose its cells: nothing was predicted.";
        }
        return heldOut(stage) + " " + chosen(stage);
    }

    private static String heldOut(StageDetail stage) {
        int before = stage.stage() - 1;
        RankingAnswer.Quality learnt = stage.quality().withinStage();
        if (learnt == null) {
            return String.format(Locale.ROOT, "Stage %d has too few cells to hold some out.", before);
        }
        return String.format(
                Locale.ROOT,
                "Held out in stage %d, over %s%s: %s.",
                before,
                cells(learnt),
                before == 1 ? "" : " that were chosen themselves",
                figures(learnt));
    }

    private static String chosen(StageDetail stage) {
        RankingAnswer.Quality measured = stage.quality().nextStage();
        if (measured == null) {
            return stage.state().isTerminal()
                    ? "The stage was not done, so that its own predictions are not judged."
                    : "Its own predictions are judged when the stage is done.";
        }
        return "Over the %s chosen here: %s. They were chosen for their high predictions and differ little, so this is lower than over all candidates and can be negative: it cannot tell how well the predictor chose."
                .formatted(cells(measured), figures(measured));
    }

    private static String cells(RankingAnswer.Quality quality) {
        return quality.cells() == 1 ? "1 cell" : Formats.grouped(quality.cells()) + " cells";
    }

    private static String figures(RankingAnswer.Quality quality) {
        return "Spearman %s, Pearson %s, Kendall %s"
                .formatted(figure(quality.spearman()), figure(quality.pearson()), figure(quality.kendall()));
    }

    private static String figure(@Nullable Double correlation) {
        return correlation == null ? "undefined" : String.format(Locale.ROOT, "%.2f", correlation);
    }
}
