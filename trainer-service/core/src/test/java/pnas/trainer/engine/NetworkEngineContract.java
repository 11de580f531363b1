package pnas.trainer.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.dataset.DataFolder;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.Heard;
import pnas.trainer.Jobs;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.dataset.TrainingData;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.tensor.Tensor;
import pnas.trainer.training.Batch;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.Processor;
import pnas.trainer.training.TrainableNetwork;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/** What every engine does that trains networks. */
public abstract class NetworkEngineContract extends EngineContract {
    private static final double LEARNED = 0.9;

    private final Heard heard = new Heard();

    @Override
    protected final TrainingJob longJob() {
        return Jobs.training("long", 1, Jobs.settings(128, 1000));
    }

    /** The same engine in this process. */
    protected abstract NetworkEngine opened();

    /** Gives a network of that engine these weights and statistics, and fails where they are not exactly those that it has. */
    protected abstract void set(TrainableNetwork network, Map<String, Tensor> model);

    @Test
    void learns_the_digits_and_keeps_a_model_that_knows_them() throws IOException {
        TrainingJob job = Jobs.training("trial", 1, Jobs.settings(32, 2));
        Outcome outcome;
        try (TrainingChild child = child()) {
            outcome = train(child, job);
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Trained.class, trained -> {
                assertThat(trained.accuracy()).isGreaterThanOrEqualTo(LEARNED);
                assertThat(trained.trainedBy()).isEqualTo(child.machine());
                assertThat(trained.trainedBy().deviceKind()).isEqualTo(Processor.modelName());
                assertThat(trained.replayed()).isFalse();
            });
        }
        assertThat(heard.epochs()).extracting(FinishedEpoch::epoch).containsExactly(1, 2);
        assertThat(heard.epochs().getLast().trainingLoss())
                .isLessThan(heard.epochs().getFirst().trainingLoss() / 2);
        SafeTensors model = SafeTensors.read(models().resolve("trial.safetensors"));
        assertThat(accuracy(job, model.tensors())).isEqualTo(((Outcome.Trained) outcome).accuracy());
    }

    private double accuracy(TrainingJob job, Map<String, Tensor> model) {
        TrainingData data = new DataSets(new DataFolder(directory)).load(job.dataSet());
        int images = data.validation().size();
        float[] pixels = new float
                [Math.toIntExact(images * data.shape().area() * data.shape().channels())];
        int[] labels = new int[images];
        IntStream.range(0, images).forEach(image -> data.validation().copy(image, image, pixels, labels));
        Network network = NetworkBuilder.build(
                job.cell(), job.layout(), data.shape(), job.dataSet().classes(), 0);
        try (TrainableNetwork fresh = opened().create(network, job.settings(), job.trainingSeed() + 1)) {
            set(fresh, model);
            return (double) fresh.countCorrect(new Batch(pixels, labels, images, data.shape())) / images;
        }
    }

    @Test
    void a_training_whose_loss_is_no_number_has_diverged_and_the_next_one_trains() {
        // Decay of one at a rate of ten turns every weight into minus nine times itself.
        TrainingSettings diverging =
                new TrainingSettings(Optimizer.SGD, 10, 0.9, 1, 32, 2, 0, 0, Augmentation.NONE, Precision.FP32, 1);
        TrainingSettings usual =
                new TrainingSettings(Optimizer.ADAM, 0.01, 0, 0, 128, 1, 0.1, 0, Augmentation.NONE, Precision.FP32, 1);
        try (TrainingChild child = child()) {
            assertThat(train(child, Jobs.brief("diverges", 1, diverging)))
                    .isEqualTo(new Outcome.Diverged(1, child.machine()));
            assertThat(heard.epochs()).isEmpty();
            assertThat(train(child, Jobs.brief("trains", 1, usual))).isInstanceOf(Outcome.Trained.class);
        }
    }

    @Test
    void goes_on_from_a_checkpoint_in_another_process_with_the_same_bits() {
        TrainingSettings settings = new TrainingSettings(
                Optimizer.RMSPROP, 0.1, 0.9, 5e-4, 16, 3, 0.2, 0.1, Augmentation.CROP_FLIP, Precision.FP32, 1);
        Outcome uninterrupted;
        Outcome released;
        try (TrainingChild child = child()) {
            uninterrupted = train(child, Jobs.brief("uninterrupted", 1, settings));
            TrainingTask task = new TrainingTask(Jobs.brief("interrupted", 1, settings));
            released = child.train(task, new Heard() {
                @Override
                public synchronized void finished(FinishedEpoch epoch) {
                    task.stop(StopReason.RELEASE);
                }
            });
        }
        assertThat(released).isInstanceOf(Outcome.Released.class);
        int epochsDone = ((Outcome.Released) released).epoch();
        assertThat(epochsDone).isBetween(1, 2);

        Heard resumed = new Heard();
        try (TrainingChild child = child()) {
            Outcome outcome = child.train(new TrainingTask(Jobs.brief("interrupted", 2, settings)), resumed);
            assertThat(outcome).isEqualTo(uninterrupted);
        }
        assertThat(resumed.epochs())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
                .isEqualTo(heard.epochs().subList(epochsDone, 3));
    }

    @Test
    void a_training_that_takes_more_memory_than_it_may_is_out_of_memory() {
        try (TrainingChild child = child(OptionalLong.of(64 << 20))) {
            assertThat(train(child, longJob())).isInstanceOf(Outcome.OutOfMemory.class);
        }
    }

    private Outcome train(TrainingChild child, TrainingJob job) {
        return child.train(new TrainingTask(job), heard);
    }
}
