package pnas.orchestrator.experiment;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;

/** Draws the ids of experiments. */
final class Chance {
    private Chance() {}

    @Produces
    @ApplicationScoped
    static RandomGenerator random() {
        return new SecureRandom();
    }
}
