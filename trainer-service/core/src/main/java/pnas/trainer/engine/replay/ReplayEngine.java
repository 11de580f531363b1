package pnas.trainer.engine.replay;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import pnas.engine.Engine;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Replay;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.training.Processor;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/** Answers from a table or from the synthetic oracle. A step is a tenth of a second of waiting. */
final class ReplayEngine implements TrainingEngine {
    static final String NAME = Engine.REPLAY.text();

    private static final String VERSION = "1";
    private static final Duration STEP = Duration.ofMillis(100);

    private final Path folder;
    private final Map<String, ReplayTable> tables = new HashMap<>();

    /**
     * Takes tables from this folder. A table is read once, when its first cell is asked for.
     *
     * @param folder needs to exist only where a job names a table
     */
    ReplayEngine(Path folder) {
        this.folder = folder;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return VERSION;
    }

    @Override
    public String deviceKind() {
        return Processor.modelName();
    }

    @Override
    public Outcome train(TrainingTask task, TrainingListener listener) {
        ReplayAnswer answer = answer(task.job());
        Optional<StopReason> stop = pretend(answer.seconds(), task, listener);
        if (stop.isPresent()) {
            return switch (stop.get()) {
                case CANCEL -> new Outcome.Cancelled();
                case RELEASE -> new Outcome.Released(0);
            };
        }
        return new Outcome.Trained(answer.accuracy(), machine(), true);
    }

    private ReplayAnswer answer(TrainingJob job) {
        Replay replay = job.replay();
        if (replay == null) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    "trial " + job.trialId() + ": a job of the replay engine must say what to replay");
        }
        Replay.Oracle oracle = replay.oracle();
        String table = replay.table();
        ReplayAnswer answer;
        if (oracle != null) {
            answer = new ReplayAnswer(new Oracle(oracle.seed()).measure(job.cell(), oracle.sigma()), 0);
        } else if (table != null) {
            answer = tables.computeIfAbsent(table, name -> ReplayTable.read(folder, name))
                    .answer(job.cell());
        } else {
            throw new AssertionError("a replay has an oracle or a table");
        }
        Double seconds = replay.seconds();
        return seconds == null ? answer : new ReplayAnswer(answer.accuracy(), seconds);
    }

    private static Optional<StopReason> pretend(double seconds, TrainingTask task, TrainingListener listener) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long left = end - System.nanoTime();
        for (long step = 1; left > 0; step++) {
            Optional<StopReason> stop = task.awaitStop(Duration.ofNanos(Math.min(left, STEP.toNanos())));
            if (stop.isPresent()) {
                return stop;
            }
            listener.stepped(step, 0);
            left = end - System.nanoTime();
        }
        return task.stopRequested();
    }
}
