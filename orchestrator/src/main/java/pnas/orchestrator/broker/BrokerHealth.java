package pnas.orchestrator.broker;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready while the broker has the topics and lets the orchestrator read and write what it must; says why where it does not. */
@Readiness
@Singleton
final class BrokerHealth implements HealthCheck {
    private final BrokerWatch broker;

    BrokerHealth(BrokerWatch broker) {
        this.broker = broker;
    }

    @Override
    public HealthCheckResponse call() {
        String obstacle = broker.obstacle();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("work with the broker").status(obstacle == null);
        if (obstacle != null) {
            response.withData("cause", obstacle);
        }
        return response.build();
    }
}
