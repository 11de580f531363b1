package pnas.trainer.intake;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A trainer. Public because the validator of configurations calls its methods. */
@ConfigMapping(prefix = "pnas.trainer")
public interface TrainerConfiguration {
    /** Id of this worker, unique among all that live. The host's name and the process id where none is given. */
    Optional<@Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}") String> worker();

    /** Name of the engine; each application sets its own. */
    String engine();

    /** Trainings at once, each in a process of its own. */
    @WithDefault("1")
    @Min(1) @Max(64) int slots();

    /** What to train on: {@code auto}, {@code cpu}, or {@code cuda:N}. */
    @WithDefault("auto")
    @Pattern(regexp = "auto|cpu|cuda:[0-9]{1,3}") String device();

    /** Directory of the checkpoints, shared by all trainers. */
    Path checkpoints();

    /** Directory of the tables that the replay engine answers from. */
    Path tables();

    /** Resident memory beyond which a training is ended as out of memory. None by default. */
    Optional<MemorySize> memoryLimit();

    /** How long a training may go without a step before it is ended as stalled. */
    @WithDefault("10M")
    Duration stallLimit();

    /**
     * The trainer says that it leaves and ends, with status 0, when it had nothing to train for this long, and with status 1 when for this long its engine
     * could not be opened or the broker took nothing from it. Never by default.
     */
    Optional<Duration> idleExit();

    /** The file, where it exists, that gets the cause of status 1. Kubernetes shows what is in this one. */
    @WithDefault("/dev/termination-log")
    Path terminationLog();

    /** How long a trainer that was asked to leave may take to give its trainings back. */
    @WithDefault("20S")
    Duration grace();

    /** The process that trains. */
    Child child();

    /** The process that trains. */
    interface Child {
        /** Options of its Java. */
        Optional<List<String>> javaOptions();

        /** Variables of its environment, besides those of the trainer. */
        Map<String, String> environment();
    }
}
