package pnas.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.dataset.DataFolder;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.DataSet;
import pnas.message.Messages;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.trainer.Heard;
import pnas.trainer.Heard.Position;
import pnas.trainer.Jobs;
import pnas.trainer.checkpoint.CheckpointDirectory;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.training.TrainingTask.StopReason;

class TrainingLoopTest {
    /** 1,200 images make 9 batches of 128. */
    private static final int STEPS = 9;

    private static final TrainingSettings SETTINGS = Jobs.settings(128, 4);

    @TempDir
    private Path directory = Path.of("");

    private final Heard heard = new Heard();
    private TrainingLoop loop;

    @BeforeEach
    void openLoop() {
        loop = loop("1");
    }

    private TrainingLoop loop(String engineVersion) {
        return new TrainingLoop(
                new SoftmaxEngine(engineVersion),
                new CheckpointDirectory(directory, Optional.of(models())),
                new DataSets(new DataFolder(directory)));
    }

    private Path models() {
        return directory.resolve("models");
    }

    private Outcome train(TrainingJob job) {
        return loop.train(new TrainingTask(job), heard);
    }

    @Test
    void learns_the_digits() {
        Outcome outcome = train(Jobs.training("trial", 1, SETTINGS));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.Trained.class, trained -> {
            assertThat(trained.accuracy()).isGreaterThan(0.9);
            assertThat(trained.accuracy()).isEqualTo(heard.epochs().getLast().validationAccuracy());
            assertThat(trained.trainedBy()).isEqualTo(loop.machine());
            assertThat(trained.replayed()).isFalse();
        });
        assertThat(heard.epochs()).extracting(FinishedEpoch::epoch).containsExactly(1, 2, 3, 4);
        assertThat(heard.epochs().getLast().trainingLoss())
                .isLessThan(heard.epochs().getFirst().trainingLoss());
    }

    @Test
    void keeps_the_model_and_says_in_it_what_it_was_trained_by() throws IOException {
        TrainingJob job = Jobs.training("trial", 1, SETTINGS);
        Outcome.Trained trained = (Outcome.Trained) train(job);

        SafeTensors model = SafeTensors.read(models().resolve("trial.safetensors"));
        assertThat(model.tensors()).containsOnlyKeys("weights");
        assertThat(model.metadata())
                .containsEntry("trial", "trial")
                .containsEntry("cell", job.cell().text())
                .containsEntry("validationAccuracy", Double.toString(trained.accuracy()))
                .containsEntry("layout", "{\"kind\":\"cifar\",\"repetitions\":1,\"filters\":8}")
                .containsEntry("trainingSeed", "42")
                .hasEntrySatisfying(
                        "dataSet",
                        text -> assertThat(decoded(text, DataSet.class)).isEqualTo(job.dataSet()))
                .hasEntrySatisfying(
                        "settings",
                        text -> assertThat(decoded(text, TrainingSettings.class))
                                .isEqualTo(SETTINGS))
                .hasEntrySatisfying(
                        "trainedBy",
                        text -> assertThat(decoded(text, Machine.class)).isEqualTo(trained.trainedBy()));
    }

    private static <T> T decoded(String text, Class<T> type) {
        return Messages.decode(text.getBytes(StandardCharsets.UTF_8), type);
    }

    @Test
    void a_model_that_cannot_be_kept_costs_no_result() throws IOException {
        Files.createFile(models());
        assertThat(train(Jobs.training("trial", 1, SETTINGS))).isInstanceOf(Outcome.Trained.class);
        assertThat(models()).isRegularFile();
    }

    @Test
    void a_checkpoint_that_cannot_be_written_costs_no_result() throws IOException {
        Outcome undisturbed = train(Jobs.training("undisturbed", 1, SETTINGS));
        // Where the checkpoints of the attempt would lie, a link leads nowhere.
        Files.createSymbolicLink(
                Files.createDirectory(directory.resolve("trial")).resolve("1"), directory.resolve("missing"));

        assertThat(train(Jobs.training("trial", 1, SETTINGS))).isEqualTo(undisturbed);
        assertThat(heard.epochs()).hasSize(8);
    }

    @Test
    void keeps_no_model_of_a_training_that_was_stopped() {
        releaseAt(2 * STEPS + 3, Jobs.training("trial", 1, SETTINGS));
        assertThat(models()).doesNotExist();
    }

    @Test
    void drops_the_last_incomplete_batch_of_an_epoch() {
        train(Jobs.training("trial", 1, SETTINGS));
        assertThat(heard.positions()).hasSize(1 + 4 * STEPS).endsWith(new Position(4 * STEPS, 3));
    }

    @Test
    void makes_one_batch_of_a_training_part_that_is_smaller() {
        train(Jobs.training("trial", 1, Jobs.settings(5000, 2)));
        assertThat(heard.positions()).containsExactly(new Position(0, 0), new Position(1, 0), new Position(2, 1));
    }

    @Test
    void gives_the_same_bits_for_the_same_job() throws IOException {
        train(Jobs.training("one", 1, SETTINGS));
        train(Jobs.training("two", 1, SETTINGS));
        assertThat(weights("two", 1, 4)).isEqualTo(weights("one", 1, 4));
    }

    static Stream<TrainingSettings> plainAndVaried() {
        return Stream.of(SETTINGS, Jobs.varied(128, 4));
    }

    @ParameterizedTest
    @MethodSource("plainAndVaried")
    void goes_on_from_a_checkpoint_with_the_same_bits(TrainingSettings settings) throws IOException {
        Outcome undisturbed = train(Jobs.training("undisturbed", 1, settings));
        assertThat(releaseAt(2 * STEPS + 3, Jobs.training("trial", 1, settings)))
                .isEqualTo(new Outcome.Released(2));

        loop = loop("1");
        Heard resumed = new Heard();
        Outcome outcome = loop.train(new TrainingTask(Jobs.training("trial", 2, settings)), resumed);

        assertThat(resumed.positions()).startsWith(new Position(2 * STEPS, 2));
        assertThat(outcome).isEqualTo(undisturbed);
        assertThat(weights("trial", 2, 4)).isEqualTo(weights("undisturbed", 1, 4));
    }

    @Test
    void trains_on_varied_images_where_the_settings_say_so() throws IOException {
        train(Jobs.training("plain", 1, Jobs.settings(128, 1)));
        train(Jobs.training("varied", 1, Jobs.varied(128, 1)));
        assertThat(weights("varied", 1, 1)).isNotEqualTo(weights("plain", 1, 1));
    }

    @Test
    void gives_the_same_accuracy_again_from_the_checkpoint_of_the_last_epoch() {
        Outcome first = train(Jobs.training("trial", 1, SETTINGS));
        Heard again = new Heard();
        assertThat(loop.train(new TrainingTask(Jobs.training("trial", 2, SETTINGS)), again))
                .isEqualTo(first);
        assertThat(again.positions()).containsExactly(new Position(4 * STEPS, 4));
    }

    @Test
    void starts_afresh_at_half_batch() {
        releaseAt(2 * STEPS + 3, Jobs.training("trial", 1, SETTINGS));
        Heard second = new Heard();
        loop.train(new TrainingTask(Jobs.atHalfBatch("trial", 2, SETTINGS)), second);
        assertThat(second.positions()).startsWith(new Position(0, 0)).endsWith(new Position(4 * 18, 3));
    }

    @Test
    void starts_afresh_with_another_engine_version() {
        releaseAt(2 * STEPS + 3, Jobs.training("trial", 1, SETTINGS));
        loop = loop("2");
        Heard second = new Heard();
        loop.train(new TrainingTask(Jobs.training("trial", 2, SETTINGS)), second);
        assertThat(second.positions()).startsWith(new Position(0, 0));
    }

    @Test
    void stops_before_the_next_step_when_it_is_cancelled() {
        TrainingTask task = new TrainingTask(Jobs.training("trial", 1, SETTINGS));
        Outcome outcome = loop.train(task, stopping(task, 5, StopReason.CANCEL));
        assertThat(outcome).isEqualTo(new Outcome.Cancelled());
        assertThat(heard.positions()).endsWith(new Position(5, 0));
    }

    @Test
    void calls_a_loss_that_is_not_finite_diverged() {
        TrainingSettings wild =
                new TrainingSettings(Optimizer.SGD, 10, 0, 1, 128, 20, 0, 0, Augmentation.NONE, Precision.FP32, 1);
        assertThat(train(Jobs.training("trial", 1, wild))).isInstanceOfSatisfying(Outcome.Diverged.class, diverged -> {
            assertThat(diverged.epoch()).isEqualTo(1);
            assertThat(diverged.trainedBy()).isEqualTo(loop.machine());
        });
    }

    @Test
    void refuses_other_data_than_the_job_names() {
        DataSet other = new DataSet("digits", "0".repeat(64), DataSet.digits(0).image(), 10, 1200, 297, 300, 0);
        assertThatThrownBy(() -> train(Jobs.on(other)))
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_SET_MISMATCH));
    }

    private Outcome releaseAt(long step, TrainingJob job) {
        TrainingTask task = new TrainingTask(job);
        return loop.train(task, stopping(task, step, StopReason.RELEASE));
    }

    private TrainingListener stopping(TrainingTask task, long at, StopReason reason) {
        return new TrainingListener() {
            @Override
            public void stepped(long step, int epoch) {
                heard.stepped(step, epoch);
                if (step == at) {
                    task.stop(reason);
                }
            }

            @Override
            public void finished(FinishedEpoch epoch) {
                heard.finished(epoch);
            }
        };
    }

    private byte[] weights(String trial, int attempt, int epoch) throws IOException {
        return Files.readAllBytes(
                directory.resolve(Path.of(trial, Integer.toString(attempt), Integer.toString(epoch), "weights")));
    }
}
