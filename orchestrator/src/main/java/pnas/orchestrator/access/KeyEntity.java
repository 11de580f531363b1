package pnas.orchestrator.access;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code api_key}. */
@Entity
@Table(name = "api_key")
// Hibernate fills the fields of a row that it reads, and Keys those of a new one.
@SuppressWarnings("NullAway.Init")
class KeyEntity extends PanacheEntityBase {
    @Id
    String id;

    String name;

    @Enumerated(EnumType.STRING)
    Role role;

    String hash;
    Instant createdAt;

    @Nullable String createdBy;

    @Nullable Instant expiresAt;

    @Nullable Instant revokedAt;

    @Nullable Instant lastUsedAt;

    KeyView view() {
        return new KeyView(id, name, role.text(), createdAt, createdBy, expiresAt, revokedAt, lastUsedAt);
    }
}
