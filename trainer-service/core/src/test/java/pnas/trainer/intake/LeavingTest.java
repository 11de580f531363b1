package pnas.trainer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import pnas.message.TrainerEvent;
import pnas.message.TrainingProgress.Claimed;
import pnas.message.TrainingProgress.Ended;
import pnas.message.TrainingProgress.Outcome;
import pnas.testing.KafkaOnly;
import pnas.trainer.Jobs;

@QuarkusTest
@QuarkusTestResource(KafkaOnly.class)
@TestProfile(ShortLease.OnceMore.class)
class LeavingTest {
    private final Trainer trainer;

    LeavingTest(Trainer trainer) {
        this.trainer = trainer;
    }

    @Test
    void gives_its_training_back_and_says_goodbye() throws InterruptedException, ExecutionException, TimeoutException {
        OrchestratorSide.prepareBroker();
        try (OrchestratorSide orchestrator = new OrchestratorSide()) {
            orchestrator.send(Jobs.oracle("released", 3600));
            orchestrator.progressUntil(Claimed.class, "released");

            trainer.leave(new ShutdownEvent());

            assertThat(orchestrator.progressUntil(Ended.class, "released").getLast())
                    .isInstanceOfSatisfying(
                            Ended.class, ended -> assertThat(ended.outcome()).isEqualTo(new Outcome.Released(0)));
            assertThat(orchestrator.trainerUntil(TrainerEvent.Leaving.class, ShortLease.OnceMore.LEAVER))
                    .last()
                    .isInstanceOf(TrainerEvent.Leaving.class);
        }
    }
}
