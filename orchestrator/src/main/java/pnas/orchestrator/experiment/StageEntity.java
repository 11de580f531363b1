package pnas.orchestrator.experiment;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.orchestrator.life.Stage;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.TrialCounts;
import pnas.orchestrator.life.ranking.RankingProgress;

/** A row of {@code stage}; changed only under the row lock of its experiment. */
@Entity
@Table(name = "stage")
// Hibernate fills the fields of a row that it reads, and of() those of a new one.
@SuppressWarnings("NullAway.Init")
class StageEntity extends PanacheEntityBase {
    @EmbeddedId
    Key id;

    @Enumerated(EnumType.STRING)
    StageState state;

    @Nullable Long candidates;

    @Nullable UUID requestId;

    int requestTries;

    @Nullable Instant requestSentAt;

    @Nullable Instant workingUntil;

    @Nullable Instant rankingHeardAt;

    @Nullable Boolean rankingWaits;

    @Nullable Long rankingScored;

    @Nullable Double rankingSecondsLeft;

    @Nullable @ColumnTransformer(write = "cast(? as jsonb)", read = "cast(ranking as text)")
    String ranking;

    @Nullable @ColumnTransformer(write = "cast(? as jsonb)", read = "cast(quality as text)")
    String quality;

    @Nullable Double idleSeconds;

    @Nullable Double trainedSeconds;

    Instant createdAt;

    @Nullable Instant trainingSince;

    @Nullable Instant finishedAt;

    @Embeddable
    record Key(String experimentId, int number) implements Serializable {}

    static StageEntity of(String experimentId, Stage stage) {
        StageEntity entity = new StageEntity();
        entity.id = new Key(experimentId, stage.number());
        entity.createdAt = stage.times().createdAt();
        entity.take(stage);
        return entity;
    }

    /** What the core decides over. */
    Stage stage(TrialCounts trials) {
        return new Stage(
                id.number(),
                state,
                candidates,
                new Stage.Asking(requestId, requestTries, requestSentAt, workingUntil, rankingProgress()),
                ranking(),
                quality(),
                idleSeconds == null || trainedSeconds == null ? null : new Stage.Barrier(idleSeconds, trainedSeconds),
                new Stage.Times(createdAt, trainingSince, finishedAt),
                trials);
    }

    /** Becomes what the core decided. */
    final void take(Stage stage) {
        state = stage.state();
        candidates = stage.candidates();
        requestId = stage.asking().requestId();
        requestTries = stage.asking().tries();
        requestSentAt = stage.asking().sentAt();
        workingUntil = stage.asking().workingUntil();
        RankingProgress progress = stage.asking().progress();
        rankingHeardAt = progress == null ? null : progress.heardAt();
        rankingWaits = progress == null ? null : progress.waits();
        rankingScored = progress == null ? null : progress.scored();
        rankingSecondsLeft = progress == null ? null : progress.secondsLeft();
        if (!Objects.equals(stage.ranking(), ranking())) {
            ranking = json(stage.ranking());
        }
        if (!Objects.equals(stage.quality(), quality())) {
            quality = json(stage.quality());
        }
        Stage.Barrier barrier = stage.barrier();
        idleSeconds = barrier == null ? null : barrier.idleSeconds();
        trainedSeconds = barrier == null ? null : barrier.trainedSeconds();
        trainingSince = stage.times().trainingSince();
        finishedAt = stage.times().finishedAt();
    }

    private static @Nullable String json(@Nullable Object value) {
        return value == null ? null : Messages.encodeText(value);
    }

    /** What a predictor told last of its request, absent where none did. */
    private @Nullable RankingProgress rankingProgress() {
        return rankingHeardAt == null || rankingWaits == null || rankingScored == null
                ? null
                : new RankingProgress(rankingHeardAt, rankingWaits, rankingScored, rankingSecondsLeft);
    }

    private Stage.@Nullable Ranking ranking() {
        return ranking == null ? null : Messages.decodeText(ranking, Stage.Ranking.class);
    }

    private RankingAnswer.@Nullable Quality quality() {
        return quality == null ? null : Messages.decodeText(quality, RankingAnswer.Quality.class);
    }
}
