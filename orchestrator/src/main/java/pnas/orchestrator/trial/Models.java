package pnas.orchestrator.trial;

import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;

/**
 * The models of finished trainings, which trainers leave in a folder. The folder may be on a slow network: nothing here is for a transaction.
 */
@Singleton
public final class Models {
    private final Optional<Path> folder;

    Models(ModelConfiguration configuration) {
        this.folder = configuration.folder();
    }

    /** The file with the model that gave a trial its result, in the format safetensors; empty where there is none. */
    public Optional<Path> of(TrialSummary trial) {
        if (trial.state() != TrialState.TRAINED || trial.replayed()) {
            return Optional.empty();
        }
        String trained = trial.reusedFrom() == null ? trial.id() : trial.reusedFrom();
        return folder.map(models -> models.resolve(trained + ".safetensors")).filter(Files::isRegularFile);
    }

    /**
     * As {@link #of}.
     *
     * @throws PnasException with {@link ErrorCode#NOT_FOUND} and the reason
     */
    public Path existing(TrialSummary trial) {
        return of(trial).orElseThrow(() -> new PnasException(ErrorCode.NOT_FOUND, reason(trial)));
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
                : "no model of trial " + trial.id() + " was kept";
    }
}
