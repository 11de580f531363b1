package pnas.orchestrator.life;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import pnas.message.RankingAnswer;
import pnas.statistics.Correlation;

/** How well predictions agree with measurements. */
final class PredictionQuality {
    private PredictionQuality() {}

    /** Over the cells that have both a predicted and a measured accuracy. */
    static RankingAnswer.Quality of(List<Measured> cells) {
        List<Measured> both = cells.stream()
                .filter(cell -> cell.predicted() != null && cell.accuracy() != null)
                .toList();
        double[] predicted =
                both.stream().mapToDouble(cell -> orNaN(cell.predicted())).toArray();
        double[] measured =
                both.stream().mapToDouble(cell -> orNaN(cell.accuracy())).toArray();
        return new RankingAnswer.Quality(
                orNull(Correlation.spearman(predicted, measured)),
                orNull(Correlation.pearson(predicted, measured)),
                orNull(Correlation.kendall(predicted, measured)),
                both.size());
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static @Nullable Double orNull(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }
}
