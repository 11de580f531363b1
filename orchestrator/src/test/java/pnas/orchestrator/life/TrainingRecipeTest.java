package pnas.orchestrator.life;

import static org.assertj.core.api.Assertions.assertThat;
import static pnas.orchestrator.life.Lives.RECIPE;

import java.util.List;
import org.junit.jupiter.api.Test;
import pnas.message.DataSet;
import pnas.network.Layout;

/** What two trainings must have in common to have the same result. */
class TrainingRecipeTest {
    private static final String CELL = "c8003c1730fddd20";
    private static final DataSet DATA = RECIPE.dataSet();
    private static final Layout LAYOUT = RECIPE.layout();

    @Test
    void trainings_that_differ_in_nothing_have_the_same_key() {
        assertThat(of(DataSet.digits(0), LAYOUT, "torch").key(CELL, 7)).isEqualTo(RECIPE.key(CELL, 7));
    }

    @Test
    void a_training_learns_from_every_image_in_every_epoch() {
        assertThat(RECIPE.images())
                .isEqualTo((long) DATA.training() * RECIPE.settings().epochs())
                .isGreaterThan(DATA.training());
    }

    @Test
    void whatever_a_result_depends_on_is_in_the_key() {
        assertThat(List.of(
                        RECIPE.key("820350cecd05f0b5", 7),
                        RECIPE.key(CELL, 8),
                        of(DataSet.digits(1), LAYOUT, "torch").key(CELL, 7),
                        of(DATA, new Layout(Layout.Kind.CIFAR, 1, 4), "torch").key(CELL, 7),
                        of(DATA, LAYOUT, "dl4j").key(CELL, 7),
                        new TrainingRecipe(DATA, LAYOUT, RECIPE.settings().withHalfBatch(), "torch", null)
                                .key(CELL, 7)))
                .doesNotHaveDuplicates()
                .doesNotContain(RECIPE.key(CELL, 7));
    }

    private static TrainingRecipe of(DataSet data, Layout layout, String engine) {
        return new TrainingRecipe(data, layout, RECIPE.settings(), engine, null);
    }
}
