package pnas.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.trainer.Heard;
import pnas.trainer.Jobs;
import pnas.trainer.training.TrainingTask;

/** What a child does when its trainer is gone or frozen. The trainer is a process of its own here. */
class OrphanTest {
    private static final Duration LEASE = Duration.ofSeconds(2);

    @TempDir
    private Path notes = Path.of("");

    private Process trainer;

    /** The trainer: trains without end in a child. */
    public static void main(String[] arguments) {
        ChildLaunch launch = Launches.of(
                RestlessEngineProvider.NAME, Path.of(arguments[0]), LEASE, Launches.LONG, OptionalLong.empty());
        new TrainingChild(launch)
                .train(new TrainingTask(Jobs.training("endless", 1, Jobs.settings(128, 1))), new Heard());
    }

    @BeforeEach
    void startTrainer() throws IOException {
        trainer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.current(),
                        OrphanTest.class.getName(),
                        notes.toString())
                .inheritIO()
                .start();
        await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(notes.resolve("training")));
    }

    @AfterEach
    void killBoth() throws IOException {
        trainer.destroyForcibly();
        child().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void ends_at_once_when_the_trainer_is_killed() throws IOException {
        assertThat(child()).isPresent();
        trainer.destroyForcibly();
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> child().filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void stops_training_when_nothing_was_heard_of_the_trainer_for_a_lease() throws IOException, InterruptedException {
        Signals.send("STOP", trainer.pid());
        await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(notes.resolve("stopped")));
        assertThat(Files.readString(notes.resolve("stopped"))).isEqualTo("RELEASE");
        assertThat(child().filter(ProcessHandle::isAlive)).isPresent();
    }

    private Optional<ProcessHandle> child() throws IOException {
        return ProcessHandle.of(Long.parseLong(Files.readString(notes.resolve("pid"))));
    }
}
