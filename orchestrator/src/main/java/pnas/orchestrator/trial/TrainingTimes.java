package pnas.orchestrator.trial;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.Replay;
import pnas.orchestrator.life.TrainingRecipe;
import pnas.orchestrator.timing.MeasuredTime;
import pnas.orchestrator.timing.TimeModel;
import pnas.orchestrator.timing.TimePrediction;
import pnas.orchestrator.timing.TrainingPlace;
import pnas.orchestrator.timing.TrainingSize;
import pnas.orchestrator.trainer.Trainers;

/** How long trainings take, learnt from those that any experiment has measured. */
@ApplicationScoped
public class TrainingTimes {
    /** Enough for three slopes, and few enough to read whenever a page is drawn; what is older may be of another machine. */
    private static final int RECENT = 1000;

    private final Trials trials;
    private final Trainers trainers;

    TrainingTimes(Trials trials, Trainers trainers) {
        this.trials = trials;
        this.trainers = trainers;
    }

    /**
     * What is known of an engine.
     *
     * @param device the kind of device that most of its live slots have, or where none is alive, the one that measured last; empty where there is none
     */
    public record Known(TimeModel model, String device) {
        public TimePrediction predict(TrainingRecipe recipe, TrainingSize size) {
            Replay replay = recipe.replay();
            if (replay != null && (replay.seconds() != null || replay.oracle() != null)) {
                return TimePrediction.known(replay.seconds() == null ? 0 : replay.seconds());
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

    /** What of the settings of a training changes its time. */
    static String settings(int threads, String precision, @Nullable String table) {
        return threads + " " + precision + (table == null ? "" : " " + table);
    }

    /** What is known now. */
    @Transactional
    public Known known(String engine) {
        List<MeasuredTime> measured = trials.measured(engine, RECENT);
        String live = trainers.commonestDevice(engine);
        String last = measured.isEmpty() ? "" : measured.getFirst().place().device();
        return new Known(TimeModel.fit(engine, measured), Objects.requireNonNullElse(live, last));
    }
}
