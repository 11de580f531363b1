package pnas.orchestrator.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key without what opens the door.
 *
 * @param id the part of the key between the two {@code _}
 * @param name what it does is shown under this
 * @param role viewer, operator or admin
 * @param createdBy who made it, absent where nobody was asked
 * @param expiresAt when it ends by itself, absent where it does not
 * @param revokedAt when it was revoked, absent where it was not
 * @param lastUsedAt when it was used last, to within five minutes
 */
public record KeyView(
        String id,
        String name,
        String role,
        Instant createdAt,
        @Nullable String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {}
