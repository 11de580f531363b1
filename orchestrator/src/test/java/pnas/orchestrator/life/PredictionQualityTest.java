package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cell.Cell;
import pnas.message.RankingAnswer;

class PredictionQualityTest {
    @Test
    void compares_the_cells_that_were_predicted_and_measured() {
        RankingAnswer.Quality quality = PredictionQuality.of(
                List.of(cell(0.1, 0.2), cell(0.2, 0.4), cell(0.3, 0.6), cell(null, 0.9), cell(0.4, null)));

        assertThat(quality.cells()).isEqualTo(3);
        assertThat(quality.spearman()).isCloseTo(1, within(1e-12));
        assertThat(quality.kendall()).isCloseTo(1, within(1e-12));
        assertThat(quality.pearson()).isCloseTo(1, within(1e-12));
    }

    @Test
    void has_no_coefficients_where_nothing_varies() {
        assertThat(PredictionQuality.of(List.of(cell(0.5, 0.5))))
                .isEqualTo(new RankingAnswer.Quality(null, null, null, 1));
    }

    private static Measured cell(@Nullable Double predicted, @Nullable Double accuracy) {
        Cell cell = Cell.parse("sep3x3(c-1)+identity(c-1)");
        return new Measured(cell, cell, 2, predicted, accuracy);
    }
}
