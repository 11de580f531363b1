package pnas.trainer.child;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.TrainingProgress.Outcome;
import pnas.trainer.Jobs;
import pnas.trainer.training.EngineSettings;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingEngine;
import pnas.trainer.training.TrainingEngineProvider;
import pnas.trainer.training.TrainingListener;
import pnas.trainer.training.TrainingTask;
import pnas.trainer.training.TrainingTask.StopReason;

/**
 * An engine that does to its process what native code and bad jobs do; which of it, the trial's id says. It leaves notes in the folder of
 * checkpoints: {@code pid}, {@code training} once it steps, and {@code stopped} with the reason.
 */
public final class RestlessEngineProvider implements TrainingEngineProvider {
    static final String NAME = "restless";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public TrainingEngine open(EngineSettings settings) {
        Path notes = settings.checkpoints();
        note(notes, "pid", Long.toString(ProcessHandle.current().pid()));
        return new RestlessEngine(notes);
    }

    private static void note(Path folder, String name, String text) {
        try {
            Path draft = Files.writeString(folder.resolve(name + ".draft"), text);
            Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record RestlessEngine(Path notes) implements TrainingEngine {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public String deviceKind() {
            return "test device";
        }

        @Override
        public Outcome train(TrainingTask task, TrainingListener listener) {
            return switch (task.job().trialId()) {
                case "quick" -> quick(listener);
                case "endless" -> endless(task, listener);
                case "deaf" -> deaf(listener);
                case "crash" -> {
                    System.err.println("free(): invalid pointer");
                    Runtime.getRuntime().halt(134);
                    throw new AssertionError("a halted process went on");
                }
                case "heap" -> fillHeap();
                case "grow" -> grow(task, listener);
                case "print" -> {
                    printBesideFrames();
                    yield quick(listener);
                }
                case "refuse" -> throw new PnasException(ErrorCode.ENGINE_FAILURE, "shapes do not fit");
                case "defect" -> throw new IllegalStateException("a defect");
                default ->
                    throw new IllegalArgumentException(
                            "no such trial: " + task.job().trialId());
            };
        }

        private Outcome quick(TrainingListener listener) {
            listener.stepped(1, 0);
            listener.finished(new FinishedEpoch(1, 0.5, 0.75, 0.01));
            return new Outcome.Trained(0.75, machine(), false);
        }

        private Outcome endless(TrainingTask task, TrainingListener listener) {
            note(notes, "training", "");
            listener.finished(new FinishedEpoch(3, 0.5, 0.75, 0.01));
            for (long step = 1; ; step++) {
                Optional<StopReason> stop = task.awaitStop(Duration.ofMillis(5));
                if (stop.isPresent()) {
                    note(notes, "stopped", stop.get().toString());
                    return switch (stop.get()) {
                        case CANCEL -> new Outcome.Cancelled();
                        case RELEASE -> new Outcome.Released(3);
                    };
                }
                listener.stepped(step, 3);
            }
        }

        /** Steps on and hears nothing. */
        private static Outcome deaf(TrainingListener listener) {
            listener.finished(new FinishedEpoch(3, 0.5, 0.75, 0.01));
            TrainingTask nobody = new TrainingTask(Jobs.oracle("nobody", 0));
            for (long step = 1; nobody.awaitStop(Duration.ofMillis(5)).isEmpty(); step++) {
                listener.stepped(step, 3);
            }
            throw new AssertionError("nobody stops this");
        }

        private static Outcome fillHeap() {
            List<byte[]> kept = new ArrayList<>();
            while (kept.size() < 1_000_000) {
                kept.add(new byte[1 << 20]);
            }
            throw new AssertionError("this heap is too large for the test");
        }

        /** Takes memory outside of the heap, as native code does. */
        private Outcome grow(TrainingTask task, TrainingListener listener) {
            List<ByteBuffer> kept = new ArrayList<>();
            while (task.awaitStop(Duration.ofMillis(2)).isEmpty()) {
                if (kept.size() < 600) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
                    for (int page = 0; page < buffer.capacity(); page += 4096) {
                        buffer.put(page, (byte) 1);
                    }
                    kept.add(buffer);
                }
                listener.stepped(kept.size(), 0);
            }
            return new Outcome.Cancelled();
        }

        private static void printBesideFrames() {
            System.out.println("java prints a line");
            try {
                // Never closed: that would close the stream of the frames.
                new FileOutputStream(FileDescriptor.out)
                        .write("native code prints a line\nand the beginning of another"
                                .getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
