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
import pnas.dataset.DataFolder;
import pnas.message.TrainingProgress.Machine;
import pnas.trainer.child.ChildLaunch;
import pnas.trainer.child.TrainingChild;
import pnas.trainer.training.EngineSettings;

/** All slots of this trainer. */
@Singleton
final class Slots {
    private final List<Slot> all;

    Slots(
            TrainerConfiguration trainer,
            LeaseConfiguration lease,
            DataConfiguration data,
            ModelConfiguration models,
            @Identifier("default-kafka-broker") Map<String, Object> broker,
            Trainings trainings,
            TrainerMetrics metrics) {
        ChildLaunch launch = launch(trainer, lease, data, models);
        DataFolder dataSets = launch.settings().dataFolder();
        this.all = IntStream.range(0, trainer.slots())
                .mapToObj(number -> new Slot(
                        number,
                        new JobSource(broker, trainer.engine()),
                        new TrainingChild(launch),
                        dataSets,
                        trainings,
                        metrics))
                .toList();
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

    int count() {
        return all.size();
    }

    void start() {
        all.forEach(Slot::start);
    }

    /** What the first slot trains with, complete once its process is up. */
    CompletableFuture<Machine> machine() {
        return all.getFirst().machine();
    }

    /** Whether every slot can take jobs. */
    boolean areUp() {
        return all.stream().allMatch(slot -> slot.machine().isDone());
    }

    /** How many can take jobs, once their processes are up. */
    int able() {
        return (int) all.stream().filter(slot -> slot.obstacle() == null).count();
    }

    /** The defect that ended a slot, where one did. */
    Optional<String> loss() {
        return all.stream()
                .flatMap(slot -> Optional.ofNullable(slot.loss()).stream())
                .findFirst();
    }

    /** Why a slot cannot take jobs, where that is known. */
    Optional<String> obstacle() {
        return all.stream()
                .flatMap(slot -> Optional.ofNullable(slot.obstacle()).stream())
                .findFirst();
    }

    /** Whether no slot is lost. */
    boolean areWorking() {
        return all.stream().allMatch(Slot::isWorking);
    }

    /** Takes no more jobs. */
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
