package pnas.trainer.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pnas.cell.Cell;
import pnas.message.TrainingSettings;
import pnas.message.TrainingSettings.Augmentation;
import pnas.message.TrainingSettings.Optimizer;
import pnas.message.TrainingSettings.Precision;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.random.Draws;
import pnas.trainer.training.Batch;
import pnas.trainer.training.NetworkEngine;
import pnas.trainer.training.TrainableNetwork;

/**
 * One engine's side of a comparison, in a process like the one that trains: one network after the other, a measurement for each line that it reads.
 * Words of a line are separated by tabs:
 *
 * <ul>
 *   <li>{@code network CELL LAYOUT REPETITIONS FILTERS IMAGE BATCH} makes a network, and answers with its number of parameters;
 *   <li>{@code step SECONDS} trains until it has taken so many seconds of the processor, and answers with those of one step;
 *   <li>{@code evaluate SECONDS} counts likewise how many images are classified right, and answers with the seconds of 1,000 images;
 *   <li>{@code settle step} and {@code settle evaluate} do either until the compilers of Java have little left to do, and answer with the seconds that
 *       one call took then;
 *   <li>{@code memory} answers with the most kilobytes that have been resident.
 * </ul>
 */
public final class StepMain {
    private static final int CLASSES = 10;
    private static final int SCORED = 1000;
    /** So low that no engine learns the one batch by heart, however many steps it takes: gradients would become denormal numbers. */
    private static final double LEARNING_RATE = 1e-4;

    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();
    private static final int MOST_SETTLING = 60;
    private static final long SETTLED_MILLIS = 20;

    private final NetworkEngine engine;
    private @Nullable TrainableNetwork network;
    private @Nullable Batch batch;

    private StepMain(NetworkEngine engine) {
        this.engine = engine;
    }

    /**
     * Answers the lines of standard input until it ends.
     *
     * @param arguments the name of the engine's class
     */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        PrintStream out = System.out;
        System.setOut(System.err);
        // By its name, so that an engine of another build of the project can be measured, too.
        StepMain main = new StepMain(Class.forName(arguments[0])
                .asSubclass(NetworkEngine.class)
                .getConstructor(String.class)
                .newInstance("cpu"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(main.answer(line.split("\t", -1)));
        }
    }

    private String answer(String[] words) throws IOException {
        return switch (words[0]) {
            case "network" -> make(words);
            case "step" -> Double.toString(seconds(Double.parseDouble(words[1]), this::step));
            case "evaluate" ->
                Double.toString(seconds(Double.parseDouble(words[1]), this::evaluate)
                        * SCORED
                        / Objects.requireNonNull(batch).size());
            case "settle" -> Double.toString(settle(words[1].equals("step") ? this::step : this::evaluate));
            case "memory" -> memory();
            default -> throw new IllegalArgumentException("no line: '" + String.join(" ", words) + "'");
        };
    }

    private String make(String[] words) {
        if (network != null) {
            network.close();
        }
        ImageShape image = ImageShape.parse(words[5]);
        int size = Integer.parseInt(words[6]);
        Network made = NetworkBuilder.build(
                Cell.parse(words[1]),
                new Layout(
                        Layout.Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
                        Integer.parseInt(words[3]),
                        Integer.parseInt(words[4])),
                image,
                CLASSES,
                0);
        TrainingSettings settings = new TrainingSettings(
                Optimizer.ADAM, LEARNING_RATE, 0, 5e-4, size, 1, 0, 0, Augmentation.NONE, Precision.FP32, 1);
        this.network = engine.create(made, settings, 1);
        this.batch = noise(1, size, image, CLASSES);
        return Long.toString(made.parameters());
    }

    /** A batch of normal noise with labels at random. */
    public static Batch noise(long seed, int size, ImageShape image, int classes) {
        Draws draws = new Draws(seed);
        float[] pixels = new float[Math.toIntExact(size * image.area() * image.channels())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) draws.nextNormal();
        }
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            labels[i] = draws.nextInt(classes);
        }
        return new Batch(pixels, labels, size, image);
    }

    private void step() {
        TrainableNetwork trained = Objects.requireNonNull(network);
        trained.step(Objects.requireNonNull(batch), LEARNING_RATE);
        if (!Double.isFinite(trained.takeLoss())) {
            throw new IllegalStateException("the loss is no number");
        }
    }

    /** Seconds of the processor that one call takes, all threads of the process together. Its clock goes by hundredths. */
    private static double seconds(double least, Runnable call) {
        long begun = SYSTEM.getProcessCpuTime();
        long taken = 0;
        int calls = 0;
        while (calls == 0 || taken < least * 1e9) {
            call.run();
            calls++;
            taken = SYSTEM.getProcessCpuTime() - begun;
        }
        return taken / 1e9 / calls;
    }

    /** Kernels are slow until the second compiler has them, and its own time counts as the process's. */
    private static double settle(Runnable call) {
        double seconds = seconds(1, call);
        for (int i = 0; i < MOST_SETTLING; i++) {
            long compiled = COMPILERS.getTotalCompilationTime();
            seconds = seconds(1, call);
            if (COMPILERS.getTotalCompilationTime() - compiled < SETTLED_MILLIS) {
                return seconds;
            }
        }
        return seconds;
    }

    private static String memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow();
    }

    private void evaluate() {
        Objects.requireNonNull(network).countCorrect(Objects.requireNonNull(batch));
    }
}
