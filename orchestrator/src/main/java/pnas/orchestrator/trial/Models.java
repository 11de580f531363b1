package pnas.orchestrator.trial;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.input.InputFile;
import pnas.orchestrator.life.TrialState;

/**
 * The models of finished trainings, which trainers leave in a folder. The folder may be on a slow network: nothing here is for a transaction.
 */
@Singleton
public final class Models {
    private final Optional<Path> folder;

    Models(ModelConfiguration configuration) {
        this.folder = configuration.folder();
    }

    /**
     * The file with the model of a trial, in the format safetensors; empty where there is none. Of a trial that was trained twice, as its lease had
     * ended, it is the model of the attempt that ended last: the same, unless they trained on different kinds of devices.
     */
    public Optional<Path> of(TrialSummary trial) {
        if (trial.state() != TrialState.TRAINED || trial.replayed()) {
            return Optional.empty();
        }
        // Trainers write the folder, so a link there must not have this service read what is not in it.
        return folder.map(models -> models.resolve(trained(trial) + ".safetensors"))
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    /** Id of the trial that was trained for a result. */
    private static String trained(TrialSummary trial) {
        return trial.reusedFrom() == null ? trial.id() : trial.reusedFrom();
    }

    /**
     * As {@link #of}, a file that can be read now.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} and the reason
     */
    public Path existing(TrialSummary trial) {
        Path model = of(trial).orElseThrow(() -> new PnasException(ErrorCode.NOT_FOUND, reason(trial)));
        String name = "the model of trial " + trained(trial);
        try (InputStream file = open(model)) {
            if (file.read() < 0) {
                throw new PnasException(ErrorCode.NOT_FOUND, name + ": is empty");
            }
            return model;
        } catch (IOException e) {
            throw InputFile.failure(ErrorCode.NOT_FOUND, name, e);
        }
    }

    /** Opens the file of a model, and nothing that a link leads to. */
    public static InputStream open(Path model) throws IOException {
        return Files.newInputStream(model, LinkOption.NOFOLLOW_LINKS);
    }

    private String reason(TrialSummary trial) {
        if (trial.state() != TrialState.TRAINED) {
            return "trial " + trial.id() + " is " + trial.state() + ": one that is TRAINED can have a model";
        }
        if (trial.replayed()) {
            return "the result of trial " + trial.id() + " was looked up: there is no model, as nothing was trained";
        }
        return folder.isEmpty()
                ? "no models are kept here: PNAS_MODELS names no folder"
                : "no model of trial " + trained(trial) + " was kept";
    }
}
