package pnas.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Jobs;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingTask.StopReason;

class FrameTest {
    private final List<String> stray = new ArrayList<>();

    @Test
    void reads_what_was_written() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        FrameWriter writer = new FrameWriter(stream);
        writer.write("one");
        writer.write("zwölf ☂");
        assertThat(read(stream.toByteArray())).containsExactly("one", "zwölf ☂");
        assertThat(stray).isEmpty();
    }

    @Test
    void tells_frames_from_what_else_is_printed() throws IOException {
        assertThat(read("a line\nhalf a line\u001eone\n\n\u001etwo\nthe end".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("one", "two");
        assertThat(stray).containsExactly("a line", "half a line", "the end");
    }

    @Test
    void keeps_no_more_than_a_bound_of_what_has_no_end() throws IOException {
        byte[] endless = new byte[5 << 20];
        assertThat(read(endless)).isEmpty();
        assertThat(stray.stream().mapToInt(String::length).max()).hasValue(2 << 20);
    }

    @Test
    void drops_a_frame_that_was_cut_off() throws IOException {
        assertThat(read("\u001eone\n\u001etw".getBytes(StandardCharsets.UTF_8))).containsExactly("one");
    }

    static Stream<ChildCommand> commands() {
        return Stream.of(
                new ChildCommand.Train(Jobs.oracle("trial", 1.5)),
                new ChildCommand.Stop(StopReason.CANCEL),
                new ChildCommand.Alive());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void decodes_each_command(ChildCommand command) {
        assertThat(command.encode()).doesNotContain("\n");
        assertThat(ChildCommand.decode(command.encode())).isEqualTo(command);
    }

    static Stream<ChildEvent> events() {
        Machine machine = new Machine("torch", "1", "a CPU");
        return Stream.of(
                new ChildEvent.Hello(machine),
                new ChildEvent.Stepped(1L << 40, 3),
                new ChildEvent.Finished(new FinishedEpoch(1, 2.5, 0.5, 1.25)),
                new ChildEvent.Ended(new Outcome.Trained(0.5, machine, true)),
                new ChildEvent.Ended(new Outcome.OutOfMemory("a line\nand another")),
                new ChildEvent.Ended(new Outcome.Cancelled()));
    }

    @ParameterizedTest
    @MethodSource("events")
    void decodes_each_event(ChildEvent event) {
        assertThat(event.encode()).doesNotContain("\n");
        assertThat(ChildEvent.decode(event.encode())).isEqualTo(event);
    }

    static Stream<Optional<Path>> models() {
        return Stream.of(Optional.empty(), Optional.of(Path.of("models")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void parses_the_command_line_of_a_child(Optional<Path> models) {
        ChildArguments arguments = new ChildArguments(
                "torch",
                Duration.ofMillis(1500),
                new EngineSettings(
                        "cuda:1", Path.of("/a b"), models, Path.of("tables"), Path.of("data"), Path.of("cache"), true));
        assertThat(ChildArguments.parse(arguments.toCommandLine().toArray(String[]::new)))
                .isEqualTo(arguments);
    }

    private List<String> read(byte[] bytes) throws IOException {
        FrameReader reader = new FrameReader(new ByteArrayInputStream(bytes), stray::add);
        List<String> frames = new ArrayList<>();
        for (String frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(frame);
        }
        return frames;
    }
}
