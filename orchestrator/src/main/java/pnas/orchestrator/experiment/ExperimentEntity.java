package pnas.orchestrator.experiment;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.orchestrator.life.ExperimentAction;
import pnas.orchestrator.life.ExperimentEvent;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.ExperimentTable;
import pnas.orchestrator.life.Specification;

/** A row of {@code experiment}. */
@Entity
@Table(name = "experiment")
// Hibernate fills the fields of a row that it reads, and create() those of a new one.
@SuppressWarnings("NullAway.Init")
class ExperimentEntity extends PanacheEntityBase {
    @Id
    String id;

    String name;

    @Enumerated(EnumType.STRING)
    ExperimentState state = ExperimentState.RUNNING;

    @Nullable String cause;

    @ColumnTransformer(write = "cast(? as jsonb)", read = "cast(specification as text)")
    String specification;

    String engine;
    long seed;

    @Nullable Integer maxParallel;

    @Nullable Integer budgetTrainings;

    int weight;
    int priority;

    boolean reuse;
    double runningSeconds;

    @Nullable Instant runningSince;

    Instant createdAt;

    @Nullable Instant finishedAt;

    @Nullable String traceparent;

    @Nullable String createdBy;

    static ExperimentEntity create(String id, Specification specification, Instant now) {
        ExperimentEntity entity = new ExperimentEntity();
        entity.id = id;
        entity.specify(specification);
        entity.createdAt = now;
        entity.runningSince = now;
        return entity;
    }

    /** Takes a specification, and in columns of their own what queries ask of it. */
    final void specify(Specification specification) {
        this.specification = new String(Messages.encode(specification), StandardCharsets.UTF_8);
        name = specification.name();
        engine = specification.engine();
        seed = specification.seed();
        maxParallel = specification.maxParallelTrainings();
        weight = specification.weight();
        priority = specification.priority();
        budgetTrainings = specification.budget().trainings();
        // What is looked up anyway need not be looked for elsewhere.
        reuse = specification.reuse() && !specification.replayed();
    }

    Specification specification() {
        return read(specification);
    }

    static Specification read(String json) {
        return Messages.decode(json.getBytes(StandardCharsets.UTF_8), Specification.class);
    }

    /** Moves to the next state; what the table wants done beside that is the caller's. */
    ExperimentAction move(ExperimentEvent event, Instant now) {
        var transition = ExperimentTable.TABLE
                .find(state, event)
                .orElseThrow(() -> new IllegalStateException("experiment " + id + " is " + state + ": no " + event));
        if (runningSince != null) {
            runningSeconds += Duration.between(runningSince, now).toMillis() / 1000.0;
        }
        state = transition.to();
        runningSince = state == ExperimentState.RUNNING ? now : null;
        finishedAt = state.isTerminal() ? now : null;
        return transition.action();
    }
}
