package pnas.trainer.intake;

import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import pnas.message.TopicPrefix;
import pnas.message.TrainerCommand;
import pnas.message.TrainingProgress.Machine;
import pnas.trainer.checkpoint.CheckpointStore;
import pnas.trainer.child.ChildLaunch;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.EngineSettings;

/** All slots of this trainer. Safe for use by many threads. */
@Singleton
final class Slots {
    private final long began = System.nanoTime();
    private final List<Slot> all;

    Slots(
            TrainerConfiguration trainer,
            LeaseConfiguration lease,
            DataConfiguration data,
            ModelConfiguration models,
            BrokerConfiguration names,
            @Identifier("default-kafka-broker") Map<String, Object> broker,
            TrainerId worker,
            CheckpointStore checkpoints,
            Reports reports,
            TrainerMetrics metrics,
            TrainingSpans spans) {
        ChildLaunch launch = launch(trainer, lease, data, models);
        Slot.Means means = new Slot.Means(
                launch.settings().dataFolder(),
                List.of(trainer.checkpoints(), data.cache()),
                checkpoints,
                reports,
                metrics,
                spans);
        this.all = IntStream.range(0, trainer.slots())
                .mapToObj(number -> new Slot(
                        number,
                        worker.text(),
                        this::now,
                        means,
                        new JobSource(broker, TopicPrefix.of(names.prefix()), trainer.engine()),
                        new TrainingChild(launch)))
                .toList();
        metrics.observeRunning(() -> TrainerLife.trials(lives()).size());
    }

    private static ChildLaunch launch(
            TrainerConfiguration trainer, LeaseConfiguration lease, DataConfiguration data, ModelConfiguration models) {
        return new ChildLaunch(
                trainer.engine(),
                new EngineSettings(
                        trainer.device(),
                        trainer.checkpoints(),
                        models.folder(),
                        trainer.tables(),
                        data.folder(),
                        data.cache(),
                        data.links()),
                lease.duration(),
                trainer.stallLimit(),
                trainer.memoryLimit()
                        .map(size -> OptionalLong.of(size.asLongValue()))
                        .orElseGet(OptionalLong::empty),
                trainer.child().javaOptions().orElse(List.of()),
                trainer.child().environment());
    }

    /** How long the trainer has lived. */
    Duration now() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    void start() {
        all.forEach(Slot::start);
    }

    /** The slots as they are now. */
    List<SlotLife> lives() {
        return all.stream().map(Slot::life).toList();
    }

    /** What the first slot trains with, complete once its process is up. */
    CompletableFuture<Machine> machine() {
        return all.getFirst().machine();
    }

    /** Whether every slot can take jobs. */
    boolean areUp() {
        return all.stream().allMatch(slot -> slot.life().machine() != null);
    }

    /** The defect that ended a slot, where one did. */
    Optional<String> loss() {
        return all.stream()
                .flatMap(slot -> Optional.ofNullable(slot.loss()).stream())
                .findFirst();
    }

    /** Why a slot cannot take jobs, where that is known. */
    Optional<String> obstacle() {
        return TrainerLife.obstacle(lives());
    }

    /** Whether no slot is lost. */
    boolean areWorking() {
        return all.stream().allMatch(Slot::isWorking);
    }

    /** Stops the training that a command names, if it is held here. */
    void stop(TrainerCommand.Stop command) {
        all.forEach(slot -> slot.stop(command));
    }

    /** Sends a heartbeat of each training. Called by one thread. */
    void beat() {
        all.forEach(Slot::beat);
    }

    /** Gives every training back, those that are still being claimed included, and takes no more jobs. */
    void leave() {
        all.forEach(Slot::leave);
    }

    /** Ends every process that trains, whatever it does. */
    void kill() {
        all.forEach(Slot::kill);
    }

    /** Waits until every slot has told the end of its last training, at most this long in all. */
    boolean awaitEnd(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        boolean ended = true;
        for (Slot slot : all) {
            ended &= slot.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
        return ended;
    }
}
