package pnas.orchestrator.capacity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Whether and how trainers are started where there is room for them. */
@ConfigMapping(prefix = "pnas.capacity")
interface CapacityConfiguration {
    /**
     * Who starts trainers: {@code none} for somebody else, {@code kubernetes} for this service, as Jobs of its cluster, {@code local} for the platform on one
     * machine, which sets this itself.
     */
    @WithDefault("none")
    @Pattern(regexp = "none|kubernetes|local") String mode();

    /**
     * How many trainers are kept by hand, by engine. The platform on one machine sets it. With mode {@code none} an experiment that leaves its engine open
     * gets one of these engines while none of their trainers is alive.
     */
    Map<String, @Min(0) Integer> local();

    /** The resource of a node that each trainer takes, as its Job requests it: {@code nvidia.com/gpu}, {@code nvidia.com/mig-1g.5gb}, {@code amd.com/gpu}, {@code cpu}. */
    @WithDefault("nvidia.com/gpu")
    @NotBlank String resource();

    /** The most trainers at once. Only the cluster limits them by default. */
    Optional<@Min(0) Integer> maximum();

    /** How many trainers may wait for a place, so that a node autoscaler adds nodes. */
    @WithDefault("0")
    @Min(0) @Max(1000) int surge();

    /** Whether a node autoscaler adds nodes where a pod waits for one: then one trainer may wait at least, whatever the surge. */
    @WithDefault("false")
    boolean autoscaler();

    /** How long a trainer may take to start once its node is chosen; then its Job is deleted, and others are tried ever more seldom. */
    @WithDefault("10m")
    @DurationMin(seconds = 10)
    @DurationMax(hours = 24)
    Duration startWithin();

    /** The same while its image is pulled; at least as long as in general. */
    @WithDefault("30m")
    @DurationMin(seconds = 10)
    @DurationMax(hours = 24)
    Duration pullWithin();

    /** What this service calls itself as holder of the Lease of the one that decides: the name of its pod. A random name by default. */
    Optional<String> holder();

    /** Trainings that a trainer does at once, as its {@code pnas.trainer.slots} says. */
    @WithDefault("1")
    @Min(1) @Max(64) int slotsPerResource();

    /** Where the Jobs are created. The namespace of this service by default. */
    Optional<String> namespace();

    /** The file with the Job that every trainer is made from; with a Job for each engine where there are several, told apart by the label {@code pnas.engine}. */
    @WithDefault("/etc/pnas/trainer-job.yaml")
    @NotBlank String jobTemplate();

    /** How often it is decided anew without a change that asks for it. */
    @WithDefault("10s")
    @DurationMin(millis = 100)
    @DurationMax(minutes = 10)
    Duration period();
}
