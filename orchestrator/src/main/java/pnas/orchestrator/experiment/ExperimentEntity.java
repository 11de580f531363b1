package pnas.orchestrator.experiment;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import pnas.message.Messages;
import pnas.orchestrator.life.Experiment;
import pnas.orchestrator.life.ExperimentState;
import pnas.orchestrator.life.store.Changes;
import pnas.orchestrator.specification.Specification;

/** A row of {@code experiment}. */
@Entity
@Table(name = "experiment")
// Hibernate fills the fields of a row that it reads, and of() those of a new one.
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

    static ExperimentEntity of(Experiment experiment, Changes.Birth birth) {
        ExperimentEntity entity = new ExperimentEntity();
        entity.id = experiment.id();
        entity.createdAt = birth.at();
        entity.createdBy = birth.by();
        entity.traceparent = birth.traceparent();
        entity.specify(experiment.specification());
        entity.take(experiment);
        return entity;
    }

    /** What the core decides over. */
    Experiment experiment() {
        return new Experiment(id, state, cause, specification(), runningSeconds, runningSince, finishedAt);
    }

    ExperimentHead head() {
        return ExperimentHead.of(id, state, specification());
    }

    /** Becomes what the core decided. */
    final void take(Experiment experiment) {
        if (!experiment.specification().equals(specification())) {
            specify(experiment.specification());
        }
        state = experiment.state();
        cause = experiment.cause();
        runningSeconds = experiment.runningSeconds();
        runningSince = experiment.runningSince();
        finishedAt = experiment.finishedAt();
    }

    /** Takes a specification, and in columns of their own what queries ask of it. */
    private void specify(Specification specification) {
        this.specification = Messages.encodeText(specification);
        name = specification.title().name();
        engine = specification.execution().engine().text();
        seed = specification.seed();
        maxParallel = specification.share().maxParallelTrainings();
        weight = specification.share().weight();
        priority = specification.share().priority();
        budgetTrainings = specification.budget().trainings();
        reuse = specification.execution().reusesResults();
    }

    Specification specification() {
        return read(specification);
    }

    static Specification read(String json) {
        return Messages.decodeText(json, Specification.class);
    }
}
