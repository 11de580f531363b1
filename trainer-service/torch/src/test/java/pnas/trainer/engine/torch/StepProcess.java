package pnas.trainer.engine.torch;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import pnas.message.TrainingSettings.Precision;
import pnas.network.Network;
import pnas.network.Node;
import pnas.trainer.training.Batch;

/**
 * Trains the published cell in Java, a step for each line {@code step} that it reads, and answers each with wall-clock seconds, processor seconds and loss. Writes network,
 * weights and batch for the Python twin first. At the end of its input it prints the share of the samples of its training thread that found it in
 * native code (Java Flight Recorder, every 10 ms).
 */
final class StepProcess {
    private static final Duration SAMPLED_EVERY = Duration.ofMillis(10);

    private StepProcess() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        PrintStream out = System.out;
        Network network = PublishedCell.network();
        Batch batch = PublishedCell.batch();
        try (TorchNetwork trained = (TorchNetwork) new TorchEngine("cpu")
                        .create(network, PublishedCell.settings(Precision.valueOf(arguments[1])), 1);
                Recording recording = new Recording()) {
            Files.writeString(
                    directory.resolve("network.txt"),
                    network.evaluated().stream().map(Node::text).collect(Collectors.joining("\n")));
            write(directory.resolve("weights.bin"), Values.all(trained));
            write(directory.resolve("pixels.bin"), Map.of("pixels", batch.pixels()));
            Files.writeString(
                    directory.resolve("labels.txt"),
                    Arrays.stream(batch.labels()).mapToObj(Integer::toString).collect(Collectors.joining("\n")));
            out.println("ready " + network.parameters());
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            recording.enable("jdk.ExecutionSample").withPeriod(SAMPLED_EVERY);
            recording.enable("jdk.NativeMethodSample").withPeriod(SAMPLED_EVERY);
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            boolean warm = false;
            while (in.readLine() != null) {
                long startedAt = System.nanoTime();
                long cpuBefore = system.getProcessCpuTime();
                trained.step(batch, PublishedCell.LEARNING_RATE);
                double loss = trained.takeLoss();
                out.println((System.nanoTime() - startedAt) / 1e9 + " " + (system.getProcessCpuTime() - cpuBefore) / 1e9
                        + " " + loss);
                if (!warm) { // The first step loads and compiles.
                    recording.start();
                    warm = true;
                }
            }
            recording.stop();
            Path samples = directory.resolve("samples.jfr");
            recording.dump(samples);
            out.println("native " + nativeShare(samples, Thread.currentThread().threadId()));
        }
    }

    private static double nativeShare(Path samples, long thread) throws IOException {
        Map<String, Long> counts = RecordingFile.readAllEvents(samples).stream()
                .filter(event -> event.hasField("sampledThread")
                        && event.getThread("sampledThread").getJavaThreadId() == thread)
                .filter(event -> isTraining(event.getStackTrace()))
                .collect(Collectors.groupingBy(event -> event.getEventType().getName(), Collectors.counting()));
        long inNative = counts.getOrDefault("jdk.NativeMethodSample", 0L);
        return (double) inNative / (inNative + counts.getOrDefault("jdk.ExecutionSample", 0L));
    }

    /** Whether the sample lies within a step: between steps the thread waits in native code for its input. */
    private static boolean isTraining(RecordedStackTrace stack) {
        return stack.getFrames().stream()
                .anyMatch(frame -> frame.getMethod().getType().getName().equals(TorchNetwork.class.getName()));
    }

    /** Each array with its name and length before it, big-endian. */
    private static void write(Path file, Map<String, float[]> arrays) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Map.Entry<String, float[]> array : arrays.entrySet()) {
                out.writeUTF(array.getKey());
                out.writeInt(array.getValue().length);
                for (float value : array.getValue()) {
                    out.writeFloat(value);
                }
            }
        }
    }
}
