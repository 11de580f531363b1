package pnas.orchestrator.specification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.cell.Operation;
import pnas.engine.Engine;
import pnas.message.DataSet;
import pnas.message.PredictorName;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Layout;

class PresetsTest {
    @Test
    void there_are_three_presets_in_the_order_of_their_cost() {
        assertThat(Presets.all().keySet()).containsExactly("demo", "slides", "paper");
    }

    @Test
    void searches_photographs_unless_it_is_for_a_laptop() {
        assertThat(Presets.all().values())
                .extracting(preset -> preset.data().dataset())
                .containsExactly("digits", "cifar10", "cifar10");
    }

    @Test
    void paper_is_the_search_of_the_paper() {
        assertThat(Drafts.preset("paper"))
                .isEqualTo(specification(
                        "paper",
                        5,
                        256,
                        Layout.Kind.CIFAR,
                        2,
                        24,
                        new TrainingSettings(
                                Optimizer.SGD, 0.01, 0.9, 5e-4, 128, 20, 0, 0, Augmentation.NONE, Precision.FP32, 1),
                        "mlp-ensemble"));
    }

    @Test
    void slides_is_the_search_of_the_published_slides() {
        assertThat(Drafts.preset("slides"))
                .isEqualTo(specification(
                        "slides",
                        3,
                        64,
                        Layout.Kind.SLIDES,
                        2,
                        24,
                        new TrainingSettings(
                                Optimizer.ADAM, 0.01, 0.9, 5e-4, 512, 20, 0, 0, Augmentation.NONE, Precision.FP32, 1),
                        "mlp-ensemble"));
    }

    @Test
    void demo_is_small_enough_for_a_laptop() {
        assertThat(Drafts.preset("demo"))
                .isEqualTo(specification(
                        "demo",
                        3,
                        8,
                        Layout.Kind.CIFAR,
                        1,
                        8,
                        new TrainingSettings(
                                Optimizer.SGD, 0.1, 0.9, 5e-4, 32, 4, 0, 0, Augmentation.NONE, Precision.FP32, 1),
                        "gp",
                        new Confirm(5, 3)));
    }

    private static Specification specification(
            String preset,
            int blocks,
            int beam,
            Layout.Kind layout,
            int repetitions,
            int filters,
            TrainingSettings training,
            String predictor) {
        return specification(preset, blocks, beam, layout, repetitions, filters, training, predictor, null);
    }

    private static Specification specification(
            String preset,
            int blocks,
            int beam,
            Layout.Kind layout,
            int repetitions,
            int filters,
            TrainingSettings training,
            String predictor,
            @Nullable Confirm confirm) {
        return new Specification(
                new Title(preset, preset),
                DataSet.digits(0),
                new Search(List.of(Operation.values()), blocks, beam, new Strategy.Progressive(), 0, confirm),
                new NetworkShape(layout, repetitions, filters),
                training,
                new Ranking(PredictorName.parse(predictor), null),
                new Execution(Engine.TORCH, /* reuse= */ true, null),
                Share.USUAL,
                Budget.UNLIMITED,
                0);
    }
}
