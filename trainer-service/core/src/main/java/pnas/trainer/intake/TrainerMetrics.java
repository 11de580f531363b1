package pnas.trainer.intake;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import pnas.message.TrainingProgress.Outcome;

/** What is counted and timed; each there from the start, at zero. */
@Singleton
final class TrainerMetrics {
    private static final List<String> OUTCOMES =
            List.of("trained", "diverged", "out_of_memory", "crashed", "stalled", "cancelled", "released", "failed");

    private final MeterRegistry registry;
    private final Counter rejectedJobs;
    private final Counter malformedCommands;

    TrainerMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.rejectedJobs = Counter.builder("pnas_trainer_rejected_jobs")
                .description("Records of the jobs topic that could not be read")
                .register(registry);
        this.malformedCommands = Counter.builder("pnas_trainer_malformed_commands")
                .description("Records of the control topic that could not be read")
                .register(registry);
        OUTCOMES.forEach(this::timer);
    }

    void ended(Outcome outcome, double seconds) {
        timer(name(outcome)).record(Duration.ofNanos((long) (seconds * 1e9)));
    }

    void jobRejected() {
        rejectedJobs.increment();
    }

    void commandMalformed() {
        malformedCommands.increment();
    }

    void observeRunning(Supplier<Number> running) {
        Gauge.builder("pnas_trainer_running_trainings", running)
                .description("Trainings that this trainer holds now")
                .register(registry);
    }

    private Timer timer(String outcome) {
        return Timer.builder("pnas_trainer_training_seconds")
                .description("Time from the claim of a training to its end")
                .tag("outcome", outcome)
                .register(registry);
    }

    /** An outcome as labels name it. */
    static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Trained _ -> "trained";
            case Outcome.Diverged _ -> "diverged";
            case Outcome.OutOfMemory _ -> "out_of_memory";
            case Outcome.Crashed _ -> "crashed";
            case Outcome.Stalled _ -> "stalled";
            case Outcome.Cancelled _ -> "cancelled";
            case Outcome.Released _ -> "released";
            case Outcome.Failed _ -> "failed";
        };
    }
}
