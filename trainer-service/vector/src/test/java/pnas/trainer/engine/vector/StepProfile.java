package pnas.trainer.engine.vector;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import pnas.cell.Cell;
import pnas.message.TrainingSettings.Optimizer;
import pnas.network.ImageShape;
import pnas.network.Layout;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.training.Batch;

/**
 * Says how long each pass of a step takes, forward and back, and how many multiply-adds a second that is. No test: who tunes a kernel runs it with the test
 * class path and the module's options, and names cell, layout, repetitions, filters, image, batch and steps.
 */
final class StepProfile {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private StepProfile() {}

    /** One pass and what it took, in nanoseconds of the processor. */
    private static final class Line {
        private final Pass pass;
        private final List<Long> forward = new ArrayList<>();
        private final List<Long> backward = new ArrayList<>();

        Line(Pass pass) {
            this.pass = pass;
        }
    }

    public static void main(String[] arguments) {
        Layout layout = new Layout(
                Layout.Kind.valueOf(arguments[1]), Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        ImageShape image = ImageShape.parse(arguments[4]);
        int batch = Integer.parseInt(arguments[5]);
        int steps = Integer.parseInt(arguments[6]);
        Network network = NetworkBuilder.build(Cell.parse(arguments[0]), layout, image, 10, 0);
        try (VectorNetwork trained = VectorNetwork.create(network, Networks.settings(Optimizer.ADAM, batch), 1)) {
            Batch noise = Networks.noise(1, batch, image, 10);
            for (int i = 0; i < steps; i++) {
                trained.step(noise, 1e-4);
            }
            float[] m = Objects.requireNonNull(trained.memory());
            List<Line> lines = trained.plan().passes().stream().map(Line::new).toList();
            List<Long> whole = new ArrayList<>();
            for (int i = 0; i < steps; i++) {
                long begun = THREADS.getCurrentThreadCpuTime();
                trained.step(noise, 1e-4);
                whole.add(THREADS.getCurrentThreadCpuTime() - begun);
                for (Line line : lines) {
                    long from = THREADS.getCurrentThreadCpuTime();
                    line.pass.forward(m, batch, true);
                    line.forward.add(THREADS.getCurrentThreadCpuTime() - from);
                }
                trained.plan().head().loss(m, noise.labels(), batch, 0);
                trained.plan().begin();
                for (Line line : lines.reversed()) {
                    long from = THREADS.getCurrentThreadCpuTime();
                    line.pass.backward(m, batch);
                    line.backward.add(THREADS.getCurrentThreadCpuTime() - from);
                }
            }
            for (Line line : lines) {
                double forward = least(line.forward);
                double backward = least(line.backward);
                double flops = 2.0 * line.pass.multiplyAdds() * batch;
                System.out.printf(
                        Locale.ROOT,
                        "%-34s %-16s %9.3f ms %9.3f ms %6.1f %6.1f GFLOP/s%n",
                        line.pass.name(),
                        line.pass.getClass().getSimpleName(),
                        forward / 1e6,
                        backward / 1e6,
                        flops / forward,
                        2 * flops / backward);
            }
            double sum = lines.stream()
                    .mapToDouble(line -> least(line.forward) + least(line.backward))
                    .sum();
            System.out.printf(
                    Locale.ROOT,
                    "vectors of %d, all passes %.2f ms, a step %.2f ms%n",
                    Lanes.LENGTH,
                    sum / 1e6,
                    least(whole) / 1e6);
        }
    }

    private static double least(List<Long> numbers) {
        return numbers.stream().mapToLong(each -> each).min().orElseThrow();
    }
}
