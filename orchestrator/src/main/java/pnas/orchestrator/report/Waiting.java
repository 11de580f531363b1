package pnas.orchestrator.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import pnas.decision.Decides;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.ranking.RankingProgress;
import pnas.orchestrator.specification.Specification;
import pnas.orchestrator.trainer.Crew;
import pnas.statistics.Tally;

/** What an experiment waits for, in words. */
@Decides
final class Waiting {
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** Without their number, which changes all the time. */
    private static final String NONE_SO_FAR =
            "every training so far ended without an accuracy; each trial has its cause";

    private Waiting() {}

    /**
     * What an experiment depends on.
     *
     * @param storage which disks are full, in words, absent while all have room
     * @param brokerSilentSince since when the broker has not answered, absent while it does
     * @param crew the trainers of its engine
     * @param others trainings that these do now for other experiments
     * @param capacity why there are not more trainers, in words, where this platform starts them and could not start enough
     * @param askedAt when a predictor was asked last for the ranking of the latest stage, absent where none was
     * @param asked how often it was asked for it
     * @param sentAt when the oldest job was sent that nobody has taken though there was time enough, absent where there is none
     */
    record Surroundings(
            @Nullable String storage,
            @Nullable Instant brokerSilentSince,
            Crew crew,
            long others,
            @Nullable String capacity,
            @Nullable Instant askedAt,
            int asked,
            @Nullable Instant sentAt) {}

    /**
     * Trainings that go on.
     *
     * @param experimentId whose
     * @param count how many
     */
    record Trainings(String experimentId, String engine, long count) {}

    /**
     * How many trainings of an engine other experiments have. One's own are left out, since they may have begun after it was counted how many of them wait.
     *
     * @param all of every experiment
     */
    static long ofOthers(List<Trainings> all, String engine, String experimentId) {
        return all.stream()
                .filter(each ->
                        each.engine().equals(engine) && !each.experimentId().equals(experimentId))
                .mapToLong(Trainings::count)
                .sum();
    }

    /**
     * The words; absent where it waits for nothing but its trainings, and some of these have had a result.
     *
     * @param stages those that exist, in their order
     * @param around of one that is running; of another one it need not be known
     */
    static @Nullable String of(
            ExperimentState state,
            Specification specification,
            List<StageView> stages,
            Progress progress,
            @Nullable Surroundings around) {
        return switch (state) {
            case COMPLETED, STOPPED, FAILED, CANCELLED -> null;
            case PAUSED ->
                progress.counts().running() == 0
                        ? "paused; resume it to go on"
                        : "paused; " + trainings(progress.counts().running()) + " still to end";
            case RUNNING -> running(specification, StageView.current(stages), progress, Objects.requireNonNull(around));
        };
    }

    private static @Nullable String running(
            Specification specification, StageView latest, Progress progress, Surroundings around) {
        if (around.storage() != null) {
            return around.storage() + "; it goes on once there is room";
        }
        if (around.brokerSilentSince() != null) {
            return "the broker has not answered since " + SECOND.format(around.brokerSilentSince());
        }
        return switch (latest.state()) {
            case EXPANDING -> "the candidates of stage " + latest.stage() + " are computed";
            case RANKING -> latest.ranking() == null ? asked(latest, around) : ranking(latest, latest.ranking());
            case TRAINING, CONFIRMING -> {
                Tally counts = progress.counts();
                String waiting = counts.queued() == 0 || counts.running() > 0
                        ? null
                        : trainers(specification.execution().engine().text(), counts.queued(), around);
                yield counts.measured() == 0 && counts.withoutResult() > 0
                        ? NONE_SO_FAR + (waiting == null ? "" : "; " + waiting)
                        : waiting;
            }
            case DONE, CLOSED -> null;
        };
    }

    private static String ranking(StageView stage, RankingProgress progress) {
        if (progress.waits()) {
            return String.format(
                    Locale.ROOT,
                    "a predictor has the %,d candidates of stage %d and ranks others first",
                    stage.candidates(),
                    stage.stage());
        }
        if (progress.scored() == 0) {
            return String.format(
                    Locale.ROOT,
                    "a predictor learns from the measured cells to rank the %,d candidates of stage %d",
                    stage.candidates(),
                    stage.stage());
        }
        return String.format(
                Locale.ROOT,
                "a predictor ranks the candidates of stage %d: %,d of %,d scored%s",
                stage.stage(),
                progress.scored(),
                stage.candidates(),
                progress.secondsLeft() == null ? "" : ", " + left(progress.secondsLeft()));
    }

    private static String left(double seconds) {
        if (seconds < 1) {
            return "less than 1 s left";
        }
        return seconds < 100
                ? String.format(Locale.ROOT, "about %.0f s left", seconds)
                : String.format(Locale.ROOT, "about %.0f min left", seconds / 60);
    }

    private static String asked(StageView stage, Surroundings around) {
        return String.format(
                Locale.ROOT,
                "a predictor is to rank the %,d candidates of stage %d%s",
                stage.candidates(),
                stage.stage(),
                asked(around));
    }

    private static String asked(Surroundings around) {
        if (around.askedAt() == null) {
            return "";
        }
        String times = around.asked() == 1 ? "" : " for the " + ordinal(around.asked()) + " time";
        return ", asked" + times + " at " + SECOND.format(around.askedAt());
    }

    private static String ordinal(int number) {
        return switch (number) {
            case 2 -> "2nd";
            case 3 -> "3rd";
            default -> number + "th";
        };
    }

    /** Why trainings wait though none of the experiment goes on; absent where a trainer takes them presently. */
    private static @Nullable String trainers(String engine, long queued, Surroundings around) {
        Crew crew = around.crew();
        String why;
        if (crew.alive() > 0 && around.others() < crew.slots()) {
            if (around.sentAt() == null) {
                return null;
            }
            why = "nobody has taken the job that was sent at " + SECOND.format(around.sentAt())
                    + "; it is sent again once it is known to be lost";
        } else if (crew.alive() == 0 && crew.obstacle() != null) {
            why = "no trainer for engine " + engine + " can train, " + crew.obstacle();
        } else if (around.capacity() != null) {
            why = around.capacity();
        } else if (crew.heardAt() == null) {
            why = "no trainer for engine " + engine + " has registered";
        } else if (crew.alive() == 0) {
            why = "no trainer for engine " + engine + " is alive, the last one was heard at "
                    + SECOND.format(crew.heardAt());
        } else {
            why = "all trainers for engine " + engine + " are busy with other experiments";
        }
        return trainings(queued) + (queued == 1 ? " waits: " : " wait: ") + why;
    }

    private static String trainings(long count) {
        return count == 1 ? "1 training" : count + " trainings";
    }
}
