package pnas.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pnas.engine.Engine;
import pnas.process.Program;

/**
 * What this machine trains on: its GPUs with libtorch, or where it has none, its cores two by two, in plain Java where they have the vectors for that.
 *
 * @param gpus each as {@code PNAS_TRAINER_DEVICE} names it
 * @param vectors whether the processor has AVX2
 */
record Devices(List<String> gpus, int cores, boolean vectors) {
    private static final Pattern GPU = Pattern.compile("^GPU (\\d+): ");
    private static final int SECONDS = 10;
    private static final int CORES_OF_A_TRAINER = 2;
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final Pattern AVX2 = Pattern.compile("(?m)^flags\\s*:.* avx2( |$)");

    Devices {
        gpus = List.copyOf(gpus);
    }

    /** The devices of this machine. */
    static Devices find() {
        return of(said().orElse(""), Runtime.getRuntime().availableProcessors(), processor());
    }

    /**
     * The devices of a machine.
     *
     * @param gpus what {@code nvidia-smi -L} says: a line {@code GPU 0: …} for each GPU, with indented lines for the parts of one that is divided
     * @param processor what {@code /proc/cpuinfo} says
     */
    static Devices of(String gpus, int cores, String processor) {
        return new Devices(
                gpus.lines()
                        .map(GPU::matcher)
                        .filter(Matcher::find)
                        .map(line -> "cuda:" + line.group(1))
                        .toList(),
                cores,
                AVX2.matcher(processor).find());
    }

    /** As many trainers as find a GPU, or two cores, each; one at least. */
    int trainers() {
        return gpus.isEmpty() ? Math.max(1, cores / CORES_OF_A_TRAINER) : gpus.size();
    }

    /** The engine that fits this machine. */
    Engine engine() {
        return gpus.isEmpty() && vectors ? Engine.VECTOR : Engine.TORCH;
    }

    /** Why trainers here are not those that a machine without a GPU usually has; empty where they are. */
    Optional<String> remark() {
        return gpus.isEmpty() && !vectors
                ? Optional.of("The processor has no AVX2, which engine %s needs: trainers are those with libtorch."
                        .formatted(Engine.VECTOR.text()))
                : Optional.empty();
    }

    /** What so many trainers of that engine train on: a GPU each where there are as many, else what they choose themselves. */
    List<String> devices(int trainers) {
        return trainers == gpus.size() ? gpus : Collections.nCopies(trainers, "auto");
    }

    private static String processor() {
        try {
            return Files.isReadable(PROCESSOR) ? Files.readString(PROCESSOR) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Empty where there is no driver, or where it does not answer. */
    private static Optional<String> said() {
        try {
            Process process = Program.of("nvidia-smi", "-L").start(new Program.Errors.Discarded());
            process.getOutputStream().close();
            // A few hundred bytes, which the pipe holds: they can be read after the end.
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? Optional.of(said) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
