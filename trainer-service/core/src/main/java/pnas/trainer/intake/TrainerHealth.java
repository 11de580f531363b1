package pnas.trainer.intake;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Whether the trainer can train. */
final class TrainerHealth {
    private TrainerHealth() {}

    /** Ready while every slot can take jobs, which it can from when its process has opened its engine; says why one cannot. */
    @Readiness
    @Singleton
    static final class Ready implements HealthCheck {
        private final Slots slots;

        Ready(Slots slots) {
            this.slots = slots;
        }

        @Override
        public HealthCheckResponse call() {
            HealthCheckResponseBuilder response = HealthCheckResponse.named("engine open in every slot");
            Optional<String> obstacle = slots.obstacle();
            obstacle.ifPresent(cause -> response.withData("cause", cause));
            response.status(slots.areUp() && obstacle.isEmpty());
            return response.build();
        }
    }

    /** Alive as long as no slot was lost to a defect. */
    @Liveness
    @Singleton
    static final class Live implements HealthCheck {
        private final Slots slots;

        Live(Slots slots) {
            this.slots = slots;
        }

        @Override
        public HealthCheckResponse call() {
            HealthCheckResponseBuilder response =
                    HealthCheckResponse.named("every slot at work").status(slots.areWorking());
            slots.loss().ifPresent(cause -> response.withData("cause", cause));
            return response.build();
        }
    }
}
