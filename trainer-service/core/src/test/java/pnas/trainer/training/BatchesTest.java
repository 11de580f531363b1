package pnas.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.dataset.DataFolder;
import pnas.message.DataSet;
import pnas.message.TrainingSettings.Augmentation;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.dataset.TrainingData;
import pnas.trainer.random.Draws;

class BatchesTest {
    private final TrainingData data = new DataSets(new DataFolder(Path.of("no-such-folder"))).load(DataSet.digits(0));
    private final int[] order = IntStream.range(0, data.training().size()).toArray();

    @Test
    void varies_images_by_the_draws_alone_and_keeps_their_classes() {
        Batch plain = new Batches(32, data.shape()).fill(data.training(), order, 2);
        Batch varied = varied(Augmentation.CROP_FLIP, 1);

        assertThat(varied.pixels())
                .isNotEqualTo(plain.pixels())
                .isEqualTo(varied(Augmentation.CROP_FLIP, 1).pixels())
                .isNotEqualTo(varied(Augmentation.CROP_FLIP, 2).pixels());
        assertThat(varied.labels()).isEqualTo(plain.labels());
        assertThat(varied(Augmentation.NONE, 1).pixels()).isEqualTo(plain.pixels());
    }

    private Batch varied(Augmentation augmentation, long seed) {
        return new Batches(32, data.shape()).fillVaried(data.training(), order, 2, augmentation, new Draws(seed));
    }
}
