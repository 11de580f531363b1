package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.Replay;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.timing.MeasuredTime;
import pnas.orchestrator.timing.Prediction;
import pnas.orchestrator.timing.TimeModel;
import pnas.orchestrator.timing.TrainingPlace;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.trainer.Trainers;

/** How long trainings take, learnt from those that any experiment has measured. */
@ApplicationScoped
public class TrainingTimes {
    /** Enough for three slopes, and few enough to read whenever a page is drawn; what is older may be of another machine. */
    private static final int RECENT = 1000;

    private final Session database;
    private final Trainers trainers;

    TrainingTimes(Session database, Trainers trainers) {
        this.database = database;
        this.trainers = trainers;
    }

    /**
     * What is known of an engine.
     *
     * @param device the kind of device that most of its live slots have, or where none is alive, the one that measured last; empty where there is none
     */
    public record Known(TimeModel model, String device) {
        public Prediction predict(TrainingRecipe recipe, TrainingSize size) {
            Replay replay = recipe.replay();
            if (replay != null && (replay.seconds() != null || replay.oracle() != null)) {
                return Prediction.known(replay.seconds() == null ? 0 : replay.seconds());
            }
            return model.predict(new TrainingPlace(recipe.engine(), device, settings(recipe)), size);
        }

        private static String settings(TrainingRecipe recipe) {
            return TrainingTimes.settings(
                    recipe.settings().threads(),
                    Messages.text(recipe.settings().precision()),
                    recipe.replay() == null ? null : recipe.replay().table());
        }
    }

    private static String settings(int threads, String precision, @Nullable String table) {
        return threads + " " + precision + (table == null ? "" : " " + table);
    }

    /** What is known now. First attempts with the whole batch count, as later ones may go on from a checkpoint. */
    @Transactional
    public Known known(String engine) {
        List<MeasuredTime> measured = database.createNativeQuery("""
                        select trial.multiply_adds, trial.parameters, trial.layers, trial.training_seconds,
                            trial.identity ->> 'deviceKind' as device,
                            cast(trial.identity -> 'settings' ->> 'threads' as integer) as threads,
                            trial.identity -> 'settings' ->> 'precision' as precision,
                            cast(trial.identity -> 'settings' ->> 'epochs' as bigint)
                                * cast(experiment.specification -> 'dataSet' ->> 'training' as bigint) as images,
                            experiment.specification -> 'replay' ->> 'table' as replayed
                        from trial join experiment on experiment.id = trial.experiment_id
                        where trial.identity ->> 'engine' = :engine and trial.state = 'TRAINED' and trial.result_attempt = 1
                            and trial.training_seconds is not null and not trial.half_batch
                            and coalesce(experiment.specification -> 'replay' ->> 'seconds',
                                experiment.specification -> 'replay' ->> 'oracle') is null
                        order by trial.finished_at desc, trial.id limit :recent
                        """, Tuple.class)
                .setParameter("engine", engine)
                .setParameter("recent", RECENT)
                .getResultStream()
                .map(row -> measured(engine, row))
                .toList();
        String live = trainers.commonestDevice(engine);
        String last = measured.isEmpty() ? "" : measured.getFirst().place().device();
        return new Known(TimeModel.fit(engine, measured), Objects.requireNonNullElse(live, last));
    }

    private static MeasuredTime measured(String engine, Tuple row) {
        String settings = settings(
                row.get("threads", Integer.class),
                row.get("precision", String.class),
                row.get("replayed", String.class));
        return new MeasuredTime(
                new TrainingPlace(engine, row.get("device", String.class), settings),
                size(row),
                row.get("training_seconds", Double.class));
    }

    /** The size of a training from the columns {@code multiply_adds}, {@code images}, {@code parameters} and {@code layers}. */
    static TrainingSize size(Tuple row) {
        return new TrainingSize(
                row.get("multiply_adds", Long.class),
                row.get("images", Long.class),
                row.get("parameters", Long.class),
                row.get("layers", Integer.class));
    }
}
