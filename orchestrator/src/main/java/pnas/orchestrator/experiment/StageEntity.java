package pnas.orchestrator.experiment;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.message.RankingAnswer;
import pnas.orchestrator.life.StageAction;
import pnas.orchestrator.life.StageEvent;
import pnas.orchestrator.life.StageState;
import pnas.orchestrator.life.StageTable;
import pnas.statistics.Tally;

/** A row of {@code stage}; changed only under the row lock of its experiment. */
@Entity
@Table(name = "stage")
// Hibernate fills the fields of a row that it reads, and create() those of a new one.
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

    /** What is kept of a predictor's answer. */
    record Ranking(RankingAnswer.Histogram histogram, RankingAnswer.@Nullable Quality quality, double seconds) {}

    static StageEntity create(String experimentId, int number, StageState state, Instant now) {
        StageEntity entity = new StageEntity();
        entity.id = new Key(experimentId, number);
        entity.state = state;
        entity.createdAt = now;
        entity.trainingSince = state == StageState.TRAINING ? now : null;
        return entity;
    }

    boolean allows(StageEvent event) {
        return StageTable.TABLE.find(state, event).isPresent();
    }

    /** Moves to the next state; what the table wants done beside the times is the caller's. */
    StageAction move(StageEvent event, Instant now) {
        var transition = StageTable.TABLE
                .find(state, event)
                .orElseThrow(() -> new IllegalStateException("stage " + id + " is " + state + ": no " + event));
        state = transition.to();
        workingUntil = null;
        switch (transition.action()) {
            case NOTE_REQUEST -> {
                requestTries++;
                requestSentAt = now;
            }
            case CHOOSE_ANEW -> {
                requestId = null;
                requestTries = 0;
                requestSentAt = null;
                trainingSince = null;
                finishedAt = null;
                idleSeconds = null;
                trainedSeconds = null;
            }
            case CREATE_TRIALS -> trainingSince = now;
            case ADVANCE, REST -> finishedAt = now;
            case GO_ON -> finishedAt = null;
        }
        return transition.action();
    }

    /** How idle slots were at its end; absent where nothing was trained: what is looked up takes no time that would mean anything. */
    @Nullable Idleness idle(Tally counts) {
        return counts.trained() == 0 ? null : Idleness.of(idleSeconds, trainedSeconds);
    }

    @Nullable Ranking ranking() {
        return ranking == null ? null : Messages.decode(ranking.getBytes(StandardCharsets.UTF_8), Ranking.class);
    }

    RankingAnswer.@Nullable Quality quality() {
        return quality == null
                ? null
                : Messages.decode(quality.getBytes(StandardCharsets.UTF_8), RankingAnswer.Quality.class);
    }
}
