package pnas.cli.platform;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import pnas.statistics.Tally;

/**
 * What the command line shows of an experiment, as the orchestrator tells it.
 *
 * @param cause why it is in this state
 * @param waiting what it waits for
 * @param replayed whether its accuracies come from a table or an oracle instead of trainings
 * @param spent what it has used of its budget
 * @param stages the stages that exist so far
 * @param best the best measured cell of the last stage that has one: the best of stage B once that is the last
 * @param bestOverall the best measured cell of all stages
 * @param confirmed the cells that were trained again under other seeds, the greatest mean first: the first one is the result; empty before they are, and
 *     where none is
 * @param url its page, relative to the orchestrator
 */
public record Experiment(
        String id,
        String name,
        State state,
        @Nullable String cause,
        @Nullable String waiting,
        boolean replayed,
        Specification specification,
        Progress progress,
        @Nullable Spent spent,
        List<Stage> stages,
        @Nullable Trial best,
        @Nullable Trial bestOverall,
        @Nullable List<Confirmed> confirmed,
        URI url) {

    /** What a list of experiments tells of one. */
    public record Summary(
            String id,
            String name,
            State state,
            String createdAt,
            Progress progress,
            @Nullable Trial best,
            @Nullable Trial bestOverall,
            boolean confirms,
            @Nullable Confirmed confirmed) {}

    /**
     * A cell that was trained again under other seeds.
     *
     * @param first its first training, for which it was chosen
     * @param mean of the accuracies under the other seeds
     * @param deviation between them; null where there is one
     * @param seeds how many
     */
    public record Confirmed(
            Trial first, double mean, @Nullable Double deviation, int seeds) {}

    /** How a search confirms its winner: so many cells under so many seeds. */
    public record Confirm(int cells, int seeds) {}

    /** The states of an experiment. */
    public enum State {
        /** It trains, or waits for a trainer. */
        RUNNING,
        /** Nothing new is dispatched until it is resumed. */
        PAUSED,
        /** It ended with a result. */
        COMPLETED,
        /** Its budget was spent; its result is the best until then. */
        STOPPED,
        /** It ended without one. */
        FAILED,
        /** Someone ended it. */
        CANCELLED;

        public boolean isTerminal() {
            return switch (this) {
                case RUNNING, PAUSED -> false;
                case COMPLETED, STOPPED, FAILED, CANCELLED -> true;
            };
        }
    }

    /**
     * The part of the specification that the progress needs.
     *
     * @param blocks blocks of the cells of the last stage, which is its number
     * @param samples cells that are drawn at once, all in the last stage; null where there is a stage for each size
     * @param confirm how it confirms its winner; null where it does not
     * @param budget what the experiment may use; null or absent parts are not limited
     */
    public record Specification(
            int blocks,
            @Nullable Integer samples,
            @Nullable Confirm confirm,
            @Nullable Budget budget) {
        /** The number of the first stage. */
        public int firstStage() {
            return samples == null ? 1 : blocks;
        }
    }

    /** What an experiment may use: attempts at trainings, time of all trainers together, time in which it runs. */
    public record Budget(
            @Nullable Integer trainings,
            @Nullable Double trainerSeconds,
            @Nullable Double wallClockSeconds) {}

    /** What it has used of that. */
    public record Spent(int trainings, double trainerSeconds, double wallClockSeconds) {}

    /**
     * How far the trials of all stages are: the numbers of a {@link Tally}, and these.
     *
     * @param planned trials of all stages, as far as they can be known
     * @param rankings how often a predictor is still to choose cells, which {@code left} does not include
     * @param left the expected time to the end; null once it is over
     */
    public record Progress(
            long planned,
            long trained,
            long replayed,
            long reused,
            long diverged,
            long failed,
            long cancelled,
            long setAside,
            long running,
            long queued,
            int rankings,
            @Nullable Estimate left) {
        public Tally counts() {
            return new Tally(trained, replayed, reused, diverged, failed, cancelled, setAside, running, queued);
        }
    }

    /** A time in seconds that is not known yet: within {@code low} and {@code high} nine times of ten; a guess where nothing alike was measured. */
    public record Estimate(double seconds, double low, double high, boolean guess) {}

    /** How long slots stood idle at the end of a stage, summed, and as a share of that and the time of its trainings. */
    public record Idleness(double seconds, double share) {}

    /**
     * What a predictor told last of a ranking.
     *
     * @param waits whether it has others to compute first
     * @param scored candidates that have a score
     * @param secondsLeft how long the others will take; null before the first has a score
     */
    public record Ranking(
            boolean waits, long scored, @Nullable Double secondsLeft) {}

    /**
     * One stage: the cells of {@code stage} blocks.
     *
     * @param candidates distinct cells that the ranking chooses from; null until they are made
     * @param trials cells that are trained, those excepted that are set aside
     * @param counts its trials, counted by what became of them
     * @param best the best accuracy so far
     * @param left the expected time to its end; null once it is done
     * @param idle null before it is done
     * @param ranking how far the ranking of its candidates is; null where none is awaited, or no predictor has told of it
     */
    public record Stage(
            int stage,
            Step state,
            @Nullable Long candidates,
            long trials,
            Tally counts,
            @Nullable Double best,
            @Nullable Estimate left,
            @Nullable Idleness idle,
            @Nullable Ranking ranking) {
        /** What is done for a stage. */
        public enum Step {
            /** The candidates are being made. */
            EXPANDING,
            /** The predictor ranks them. */
            RANKING,
            /** The best of them are trained. */
            TRAINING,
            /** Its best cells are trained again under other seeds. */
            CONFIRMING,
            /** Each of its trials is terminal, and one has an accuracy. */
            DONE,
            /** Its experiment ended before it was done. */
            CLOSED;

            boolean isOver() {
                return switch (this) {
                    case EXPANDING, RANKING, TRAINING, CONFIRMING -> false;
                    case DONE, CLOSED -> true;
                };
            }
        }
    }

    /**
     * One cell of one stage and what training it gave.
     *
     * @param rank its place among the candidates, from 1
     * @param accuracy validation accuracy after the last epoch; null until measured
     * @param reusedFrom the trial of another experiment that has the result; null where the cell was trained here
     */
    public record Trial(
            String cellId,
            String cell,
            int stage,
            @Nullable Integer rank,
            @Nullable Double predicted,
            @Nullable Double accuracy,
            @Nullable Long parameters,
            @Nullable Long multiplyAdds,
            boolean replayed,
            @Nullable String reusedFrom) {}

    /** One sentence about why it does not go on, or why it ended; null where there is nothing to say. */
    public @Nullable String why() {
        return cause == null ? waiting : cause;
    }

    /** The first stage that is not done, else the last; null where there is none yet. */
    public @Nullable Stage currentStage() {
        return stages.stream()
                .filter(stage -> !stage.state().isOver())
                .findFirst()
                .orElseGet(() -> stages.isEmpty() ? null : stages.getLast());
    }

    /** The confirmed best; null where nothing is confirmed. */
    public @Nullable Confirmed winner() {
        return confirmed == null || confirmed.isEmpty() ? null : confirmed.getFirst();
    }

    /** Whether an earlier stage has a better cell than the last one that has any. */
    public boolean isBestElsewhere() {
        return best != null && bestOverall != null && !best.cellId().equals(bestOverall.cellId());
    }
}
