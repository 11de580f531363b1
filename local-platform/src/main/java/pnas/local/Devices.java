package pnas.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import pnas.process.Program;

/** What this machine can train on at once: its GPUs, or where it has none, its cores two by two. */
final class Devices {
    private static final Pattern GPU = Pattern.compile("^GPU (\\d+): ");
    private static final int SECONDS = 10;
    private static final int CORES_OF_A_TRAINER = 2;

    private Devices() {}

    /** One for each trainer, as {@code PNAS_TRAINER_DEVICE} names it. */
    static List<String> find() {
        return choose(gpus().orElse(""), Runtime.getRuntime().availableProcessors());
    }

    /**
     * Chooses.
     *
     * @param gpus what {@code nvidia-smi -L} says: a line {@code GPU 0: …} for each GPU, with indented lines for the parts of one that is divided
     */
    static List<String> choose(String gpus, int cores) {
        List<String> found = gpus.lines()
                .map(GPU::matcher)
                .filter(Matcher::find)
                .map(line -> "cuda:" + line.group(1))
                .toList();
        return found.isEmpty()
                ? IntStream.range(0, Math.max(1, cores / CORES_OF_A_TRAINER))
                        .mapToObj(each -> "auto")
                        .toList()
                : found;
    }

    /** Empty where there is no driver, or where it does not answer. */
    private static Optional<String> gpus() {
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
