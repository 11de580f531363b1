package pnas.orchestrator.capacity;

import jakarta.inject.Singleton;
import java.util.Objects;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * Ready while the one orchestrator that decides about trainers can do so; says why where it cannot. The others are ready meanwhile, and serve REST and
 * pages.
 */
@Readiness
@Singleton
final class CapacityHealth implements HealthCheck {
    private volatile @Nullable String trouble;

    /**
     * What the last decision met.
     *
     * @param now why there was none; null where there was one
     * @return whether that is another one than before
     */
    boolean tell(@Nullable String now) {
        boolean other = !Objects.equals(trouble, now);
        trouble = now;
        return other;
    }

    @Override
    public HealthCheckResponse call() {
        String cause = trouble;
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("count of trainers").status(cause == null);
        if (cause != null) {
            response.withData("cause", cause);
        }
        return response.build();
    }
}
