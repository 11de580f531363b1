package pnas.trainer;

import java.util.ArrayList;
import java.util.List;
import pnas.trainer.training.FinishedEpoch;
import pnas.trainer.training.TrainingListener;

/** Remembers all that a training tells. */
public class Heard implements TrainingListener {
    /** Steps and epochs done. */
    public record Position(long step, int epoch) {}

    private final List<Position> positions = new ArrayList<>();
    private final List<FinishedEpoch> epochs = new ArrayList<>();

    @Override
    public synchronized void stepped(long step, int epoch) {
        positions.add(new Position(step, epoch));
    }

    @Override
    public synchronized void finished(FinishedEpoch epoch) {
        epochs.add(epoch);
    }

    public synchronized List<Position> positions() {
        return List.copyOf(positions);
    }

    public synchronized List<FinishedEpoch> epochs() {
        return List.copyOf(epochs);
    }
}
