package pnas.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Heard;
import pnas.trainer.Jobs;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrainingChildTest {
    private static final Machine MACHINE = new Machine(RestlessEngineProvider.NAME, "1", "test device");
    private static final Outcome TRAINED = new Outcome.Trained(0.75, MACHINE, false);

    @TempDir
    private Path notes = Path.of("");

    private final Heard heard = new Heard();
    private TrainingChild child = new TrainingChild(Launches.of(Path.of("")));

    private void open(ChildLaunch launch) {
        child = new TrainingChild(launch);
    }

    @AfterEach
    void close() {
        child.close();
    }

    @Test
    void answers_job_after_job_in_the_same_process() throws IOException {
        open(Launches.of(notes));
        assertThat(child.machine()).isEqualTo(MACHINE);
        String pid = note("pid");
        assertThat(train("quick")).isEqualTo(TRAINED);
        assertThat(train("quick")).isEqualTo(TRAINED);
        assertThat(note("pid")).isEqualTo(pid);
        assertThat(heard.epochs()).hasSize(2).contains(new FinishedEpoch(1, 0.5, 0.75, 0.01));
        assertThat(heard.positions()).contains(new Heard.Position(1, 0));
    }

    @ParameterizedTest
    @EnumSource(StopReason.class)
    void passes_on_the_request_to_stop(StopReason reason) throws IOException {
        open(Launches.of(notes));
        assertThat(trainUntilItSteps("endless", task -> task.stop(reason)))
                .isEqualTo(reason == StopReason.CANCEL ? new Outcome.Cancelled() : new Outcome.Released(3));
        assertThat(note("stopped")).isEqualTo(reason.toString());
        assertThat(train("quick")).isEqualTo(TRAINED);
    }

    @Test
    void calls_a_training_crashed_whose_process_was_killed_and_trains_the_next() {
        open(Launches.of(notes));
        assertThat(trainUntilItSteps("endless", task -> signal("KILL")))
                .isInstanceOfSatisfying(
                        Outcome.Crashed.class,
                        crashed -> assertThat(crashed.message()).contains("exit code 137"));
        assertThat(train("quick")).isEqualTo(TRAINED);
    }

    @Test
    void tells_the_last_words_of_a_process_that_crashed() {
        open(Launches.of(notes));
        assertThat(train("crash"))
                .isInstanceOfSatisfying(
                        Outcome.Crashed.class,
                        crashed -> assertThat(crashed.message())
                                .contains("exit code 134")
                                .contains("free(): invalid pointer"));
    }

    @Test
    void calls_a_training_stalled_whose_process_is_frozen_and_trains_the_next() {
        open(Launches.of(
                RestlessEngineProvider.NAME, notes, Launches.LONG, Duration.ofSeconds(5), OptionalLong.empty()));
        assertThat(trainUntilItSteps("endless", task -> signal("STOP"))).isInstanceOf(Outcome.Stalled.class);
        assertThat(train("quick")).isEqualTo(TRAINED);
    }

    @Test
    void calls_a_training_out_of_memory_that_fills_the_heap_and_trusts_the_process_no_more() throws IOException {
        open(Launches.of(notes));
        child.machine();
        String pid = note("pid");
        assertThat(train("heap")).isInstanceOf(Outcome.OutOfMemory.class);
        assertThat(train("quick")).isEqualTo(TRAINED);
        assertThat(note("pid")).isNotEqualTo(pid);
    }

    @Test
    void calls_a_training_out_of_memory_whose_process_outgrows_its_limit() {
        open(Launches.of(
                RestlessEngineProvider.NAME, notes, Launches.LONG, Launches.LONG, OptionalLong.of(300L << 20)));
        assertThat(train("grow"))
                .isInstanceOfSatisfying(
                        Outcome.OutOfMemory.class,
                        outcome -> assertThat(outcome.message()).contains("the limit is 314572800"));
        assertThat(train("quick")).isEqualTo(TRAINED);
    }

    @Test
    void understands_a_process_that_prints_beside_its_events() {
        open(Launches.of(notes));
        assertThat(train("print")).isEqualTo(TRAINED);
    }

    @Test
    void gives_the_code_of_a_failure_and_lives_on() throws IOException {
        open(Launches.of(notes));
        assertThat(train("refuse")).isEqualTo(new Outcome.Failed(ErrorCode.ENGINE_FAILURE, "shapes do not fit"));
        String pid = note("pid");
        assertThat(train("defect"))
                .isEqualTo(new Outcome.Failed(ErrorCode.INTERNAL, "java.lang.IllegalStateException: a defect"));
        assertThat(train("quick")).isEqualTo(TRAINED);
        assertThat(note("pid")).isEqualTo(pid);
    }

    @Test
    void gives_a_training_back_that_was_asked_to_stop_and_did_not() {
        open(Launches.of(notes));
        assertThat(trainUntilItSteps("deaf", task -> {
                    task.stop(StopReason.RELEASE);
                    child.close();
                }))
                .isEqualTo(new Outcome.Released(3));
    }

    @Test
    void leaves_the_end_of_its_process_to_the_trainer_when_all_are_interrupted() {
        open(Launches.of(notes));
        assertThat(trainUntilItSteps("endless", task -> {
                    signal("INT");
                    signal("TERM");
                    int known = heard.positions().size();
                    await().atMost(60, TimeUnit.SECONDS)
                            .until(() -> heard.positions().size() > known + 3);
                    task.stop(StopReason.RELEASE);
                }))
                .isEqualTo(new Outcome.Released(3));
    }

    @Test
    void says_why_the_process_does_not_come_up() {
        open(Launches.of("unheard-of", notes, Launches.LONG, Launches.LONG, OptionalLong.empty()));
        assertThatThrownBy(() -> child.machine())
                .isInstanceOfSatisfying(
                        PnasException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TRAINING_CRASHED))
                .hasMessageContaining("no engine 'unheard-of'");
    }

    private Outcome train(String trial) {
        return child.train(new TrainingTask(job(trial)), heard);
    }

    /** Trains in another thread, does something to it once it steps, and gives its outcome. */
    private Outcome trainUntilItSteps(String trial, Consumer<TrainingTask> action) {
        TrainingTask task = new TrainingTask(job(trial));
        CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> child.train(task, heard));
        await().atMost(60, TimeUnit.SECONDS).until(() -> heard.positions().size() > 1);
        action.accept(task);
        return outcome.join();
    }

    private static TrainingJob job(String trial) {
        return Jobs.training(trial, 1, Jobs.settings(128, 1));
    }

    private void signal(String signal) {
        try {
            Signals.send(signal, Long.parseLong(note("pid")));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String note(String name) throws IOException {
        return Files.readString(notes.resolve(name));
    }
}
