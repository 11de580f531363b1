package pnas.trainer.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pnas.message.TrainingSettings.Precision;

/**
 * One training step in Java against the same step in Python, and against bfloat16: alternating, one thread each. Not part of the suite; prints what
 * it measures (docs/benchmarks.md).
 */
class TrainingStepBenchmark {
    private static final int WARM_UP = 2;
    private static final int ROUNDS = Integer.getInteger("rounds", 10);
    private static final Path PYTHON = Path.of("target", "benchmark-python");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void against_python() throws Exception {
        if (!offersPyTorch()) {
            System.out.println("pip offers no PyTorch here: Java alone");
        }
        try (Stepper java = java(Precision.FP32)) {
            Optional<Stepper> python = offersPyTorch() ? Optional.of(python()) : Optional.empty();
            try {
                compare("Java", java, "Python", python);
            } finally {
                python.ifPresent(Stepper::close);
            }
        }
    }

    @Test
    void bfloat16_against_32_bits() throws Exception {
        try (Stepper coarse = java(Precision.BF16_FORCED);
                Stepper exact = java(Precision.FP32)) {
            compare("bf16", coarse, "fp32", Optional.of(exact));
        }
    }

    private static void compare(String name, Stepper subject, String otherName, Optional<Stepper> other)
            throws IOException {
        List<Double> wall = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            Step step = subject.step();
            System.out.println((round < 0 ? "warm up: " : "") + name + " " + step);
            if (other.isPresent()) {
                Step otherStep = other.get().step();
                System.out.println((round < 0 ? "warm up: " : "") + otherName + " " + otherStep);
                if (round == -WARM_UP) {
                    assertThat(step.loss).as("the same network").isCloseTo(otherStep.loss, within(0.01));
                }
                if (round >= 0) {
                    wall.add(step.seconds / otherStep.seconds);
                    processor.add(step.cpuSeconds / otherStep.cpuSeconds);
                }
            }
        }
        System.out.printf("%s: %.1f %% of a step in native code%n", name, 100 * subject.nativeShare());
        print(name + " / " + otherName + ", wall clock", wall);
        print(name + " / " + otherName + ", processor time", processor);
    }

    private static void print(String what, List<Double> ratios) {
        if (!ratios.isEmpty()) {
            ratios.sort(null);
            System.out.printf(
                    "%s: median %.3f, from %.3f to %.3f, %d rounds%n",
                    what, ratios.get(ratios.size() / 2), ratios.getFirst(), ratios.getLast(), ratios.size());
        }
    }

    private Stepper java(Precision precision) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(PublishedCell.javaOptions());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                StepProcess.class.getName(),
                Files.createTempDirectory(directory, "java").toString(),
                precision.name()));
        return new Stepper(command, PublishedCell.environment());
    }

    /** Reads what the Java process wrote. */
    private Stepper python() throws IOException {
        Path written;
        try (var directories = Files.list(directory)) {
            written = directories.findFirst().orElseThrow();
        }
        return new Stepper(
                List.of(
                        PYTHON.resolve("bin").resolve("python").toString(),
                        Path.of("src", "test", "resources", "benchmark", "step.py")
                                .toString(),
                        written.toString()),
                Map.of());
    }

    /** Installs PyTorch into a virtual environment of the build where it is not there yet. */
    private static boolean offersPyTorch() throws IOException, InterruptedException {
        if (!Files.exists(PYTHON.resolve("complete"))) {
            if (run("python3", "-m", "venv", PYTHON.toString()) != 0
                    || run(PYTHON.resolve("bin").resolve("pip").toString(), "install", "-q", "torch", "numpy") != 0) {
                return false;
            }
            Files.createFile(PYTHON.resolve("complete"));
        }
        return true;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    private record Step(double seconds, double cpuSeconds, double loss) {
        @Override
        public String toString() {
            return "%.3f s, %.3f s of a processor, loss %.5f".formatted(seconds, cpuSeconds, loss);
        }
    }

    /** A process that does one step for each line that it is sent. */
    private static final class Stepper implements AutoCloseable {
        private final Process process;
        private final PrintStream to;
        private final BufferedReader from;

        Stepper(List<String> command, Map<String, String> environment) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().putAll(environment);
            this.process = builder.start();
            this.to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            this.from = process.inputReader(StandardCharsets.UTF_8);
            System.out.println(read("ready"));
        }

        Step step() throws IOException {
            to.println("step");
            String[] answer = read("").split(" ");
            return new Step(
                    Double.parseDouble(answer[0]), Double.parseDouble(answer[1]), Double.parseDouble(answer[2]));
        }

        /** Ends the steps. */
        double nativeShare() throws IOException {
            to.close();
            return Double.parseDouble(read("native").substring("native ".length()));
        }

        private String read(String start) throws IOException {
            String line = from.readLine();
            if (line == null || !line.startsWith(start)) {
                throw new IOException("expected '" + start + "', got '" + line + "'");
            }
            return line;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }
}
