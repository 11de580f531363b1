package pnas.trainer.intake;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Whether the trainer can train. */
final class TrainerHealth {
    private TrainerHealth() {}

    /** Ready once the process of every slot has opened its engine; says why one has not. */
    @Readiness
    @Singleton
    static final class Ready implements HealthCheck {
        private final Slots slots;

        Ready(Slots slots) {
            this.slots = slots;
        }

        @Override
        public HealthCheckResponse call() {
            HealthCheckResponseBuilder response =
                    HealthCheckResponse.named("engine open in every slot").status(slots.areUp());
            slots.obstacle().ifPresent(obstacle -> response.withData("cause", obstacle));
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
            return HealthCheckResponse.named("every slot at work")
                    .status(slots.areWorking())
                    .build();
        }
    }
}
