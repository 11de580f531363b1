package pnas.trainer.training;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.message.Messages;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress.Outcome;
import pnas.message.TrainingSettings;
import pnas.network.Network;
import pnas.network.NetworkBuilder;
import pnas.trainer.checkpoint.CheckpointStore;
import pnas.trainer.checkpoint.CheckpointStore.Checkpoint;
import pnas.trainer.dataset.DataSets;
import pnas.trainer.dataset.TrainingData;
import pnas.trainer.dataset.TrainingData.Part;
import pnas.trainer.random.Draws;
import pnas.trainer.tensor.SafeTensors;
import pnas.trainer.training.TrainingTask.StopReason;

/**
 * Trains a job's network step by step with an engine, and measures it on the validation part after each epoch.
 *
 * <p>Each epoch goes through the training part in an order of its own; a last batch that is not full is dropped, and a part smaller than a batch
 * is one batch. After each epoch a checkpoint is written where there is room, from which another attempt with the same identity goes on with the same bits: the
 * engine restores its state, and the order of an epoch and the variations of its images follow from the training seed and the number of the
 * epoch alone. At the end the model is kept: its weights, and beside them what they were trained by. A training that is asked to stop does so before its next step and leaves the checkpoint of its last whole epoch.
 */
public final class TrainingLoop implements TrainingEngine {
    private static final Logger LOG = System.getLogger(TrainingLoop.class.getPackageName());

    private final NetworkEngine engine;
    private final CheckpointStore checkpoints;
    private final DataSets dataSets;

    public TrainingLoop(NetworkEngine engine, CheckpointStore checkpoints, DataSets dataSets) {
        this.engine = engine;
        this.checkpoints = checkpoints;
        this.dataSets = dataSets;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public void warmUp(BooleanSupplier wanted) {
        if (engine.isCompiledAsItRuns()) {
            WarmUp.run(engine, wanted);
        }
    }

    @Override
    public String version() {
        return engine.version();
    }

    @Override
    public String deviceKind() {
        return engine.deviceKind();
    }

    @Override
    public Outcome train(TrainingTask task, TrainingListener listener) {
        TrainingJob job = task.job();
        TrainingData data = dataSets.load(job.dataSet());
        Network network = network(job);
        try (TrainableNetwork trainable = engine.create(network, job.effectiveSettings(), job.trainingSeed())) {
            return new Run(task, listener, data, trainable).train();
        }
    }

    private static Network network(TrainingJob job) {
        try {
            return NetworkBuilder.build(
                    job.cell(),
                    job.layout(),
                    job.dataSet().image(),
                    job.dataSet().classes(),
                    job.settings().dropout());
        } catch (IllegalArgumentException e) {
            throw new PnasException(
                    ErrorCode.TRAINING_IMPOSSIBLE,
                    "cell " + job.cell().id() + " does not become a network: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Everything that the bits of a training depend on. A second attempt at half the batch differs in its settings, so it never goes on from a
     * checkpoint of the whole batch.
     */
    private String identity(TrainingJob job) {
        return String.join(
                "\n",
                machine().toString(),
                job.cell().text(),
                job.dataSet().toString(),
                job.layout().toString(),
                job.effectiveSettings().toString(),
                "trainingSeed=" + job.trainingSeed(),
                "halfBatch=" + job.halfBatch());
    }

    /** One training, from a fresh network or a checkpoint to its end. */
    private final class Run {
        private final TrainingTask task;
        private final TrainingListener listener;
        private final TrainableNetwork network;
        private final TrainingSettings settings;
        private final TrainingData data;
        private final Batches batches;
        private final int batchSize;
        private final int stepsPerEpoch;

        Run(TrainingTask task, TrainingListener listener, TrainingData data, TrainableNetwork network) {
            this.task = task;
            this.listener = listener;
            this.network = network;
            this.settings = task.job().effectiveSettings();
            this.data = data;
            int largestPart = Math.max(data.training().size(), data.validation().size());
            this.batchSize = Math.min(settings.batchSize(), largestPart);
            this.batches = new Batches(batchSize, data.shape());
            this.stepsPerEpoch = Math.max(1, data.training().size() / batchSize);
        }

        Outcome train() {
            int epochsDone = resume();
            listener.stepped((long) epochsDone * stepsPerEpoch, epochsDone);
            double accuracy = Double.NaN;
            if (epochsDone == settings.epochs()) {
                accuracy = validate();
            }
            while (epochsDone < settings.epochs()) {
                long startedAt = System.nanoTime();
                Optional<StopReason> stop = trainEpoch(epochsDone);
                if (stop.isPresent()) {
                    return switch (stop.get()) {
                        case CANCEL -> new Outcome.Cancelled();
                        case RELEASE -> new Outcome.Released(epochsDone);
                    };
                }
                double loss = network.takeLoss();
                epochsDone++;
                if (!Double.isFinite(loss)) {
                    return new Outcome.Diverged(epochsDone, machine());
                }
                accuracy = validate();
                double seconds = (System.nanoTime() - startedAt) / 1e9;
                writeCheckpoint(epochsDone);
                listener.finished(new FinishedEpoch(epochsDone, loss, accuracy, seconds));
            }
            keepModel(accuracy);
            return new Outcome.Trained(accuracy, machine(), false);
        }

        /**
         * A checkpoint that cannot be written, as its disk is full, costs the training nothing: another attempt would go on from an earlier one,
         * with the same bits, and the next epoch writes anew.
         */
        private void writeCheckpoint(int epochsDone) {
            TrainingJob job = task.job();
            try {
                checkpoints.write(job.trialId(), job.attempt(), epochsDone, identity(job), network::save);
            } catch (PnasException e) {
                if (e.code() != ErrorCode.STORAGE_FAILURE) {
                    throw e;
                }
                LOG.log(Level.WARNING, "the training of trial {0} goes on: {1}", job.trialId(), e.getMessage());
            }
        }

        /** A model that cannot be written, as its disk is full, costs nobody the accuracy that was measured. */
        private void keepModel(double accuracy) {
            try {
                checkpoints.keep(
                        task.job().trialId(), file -> new SafeTensors(origin(accuracy), network.model()).write(file));
            } catch (PnasException e) {
                LOG.log(
                        Level.WARNING,
                        "the model of trial {0} is not kept: {1}",
                        task.job().trialId(),
                        e.getMessage());
            }
        }

        /** What a model was trained by: texts, as the format has them. */
        private Map<String, String> origin(double accuracy) {
            TrainingJob job = task.job();
            Map<String, String> origin = new LinkedHashMap<>();
            origin.put("trial", job.trialId());
            origin.put("cell", job.cell().text());
            origin.put("validationAccuracy", Double.toString(accuracy));
            origin.put("layout", Messages.encodeText(job.layout()));
            origin.put("dataSet", Messages.encodeText(job.dataSet()));
            origin.put("settings", Messages.encodeText(job.effectiveSettings()));
            origin.put("trainingSeed", Long.toString(job.trainingSeed()));
            origin.put("trainedBy", Messages.encodeText(machine()));
            return origin;
        }

        /** Takes up the furthest checkpoint and says how many epochs it holds, 0 where there is none. */
        private int resume() {
            TrainingJob job = task.job();
            Optional<Checkpoint> checkpoint = checkpoints.furthest(job.trialId(), identity(job));
            if (checkpoint.isEmpty()) {
                return 0;
            }
            try {
                network.restore(checkpoint.get().directory());
            } catch (IOException e) {
                throw new PnasException(
                        ErrorCode.STORAGE_FAILURE,
                        "cannot read checkpoint " + checkpoint.get().directory() + ": " + e.getMessage(),
                        e);
            }
            return checkpoint.get().epoch();
        }

        private Optional<StopReason> trainEpoch(int epochsDone) {
            Draws draws = draws(epochsDone);
            int[] order = inPlace(data.training());
            draws.shuffle(order);
            long steps = (long) settings.epochs() * stepsPerEpoch;
            for (int batch = 0; batch < stepsPerEpoch; batch++) {
                Optional<StopReason> stop = task.stopRequested();
                if (stop.isPresent()) {
                    return stop;
                }
                long step = (long) epochsDone * stepsPerEpoch + batch;
                network.step(
                        batches.fillVaried(data.training(), order, batch, settings.augmentation(), draws),
                        LearningRate.at(settings.learningRate(), step, steps));
                listener.stepped(step + 1, epochsDone);
            }
            return Optional.empty();
        }

        /** The random numbers of an epoch, first of its order, then of its images: the job's own generator gives every epoch their seed. */
        private Draws draws(int epochsDone) {
            Draws seeds = new Draws(task.job().trainingSeed());
            for (int epoch = 0; epoch < epochsDone; epoch++) {
                seeds.nextLong();
            }
            return new Draws(seeds.nextLong());
        }

        private double validate() {
            Part validation = data.validation();
            int[] order = inPlace(validation);
            int correct = 0;
            for (int batch = 0; batch * batchSize < validation.size(); batch++) {
                correct += network.countCorrect(batches.fill(validation, order, batch));
            }
            return (double) correct / validation.size();
        }

        private static int[] inPlace(Part part) {
            return IntStream.range(0, part.size()).toArray();
        }
    }
}
