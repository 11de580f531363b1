package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.message.TrainingProgress.Machine;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;

/** Which training the next trainer gets. */
@QuarkusTest
@QuarkusTestResource(KafkaAndDatabase.class)
@QuarkusTestResource(QuickTimes.class)
class DispatchOrderTest {
    /** An engine that no other test measures trainings of. */
    private static final Machine MACHINE = new Machine("dl4j", "1", "a processor");

    @Inject
    Experiments experiments;

    @Inject
    Trials trials;

    private Trainer trainer;

    @BeforeEach
    void begin() {
        trainer = new Trainer("trainer-fair", MACHINE);
    }

    @AfterEach
    void end() {
        trainer.close();
    }

    @Test
    void what_waits_behind_a_higher_priority_has_no_time_left_to_tell() {
        Search light = search("'seed':81004,'operations':['identity']");
        Search urgent = search("'seed':81005,'priority':1,'operations':['identity']");
        assertThat(urgent.view().specification().share().priority()).isEqualTo(1);
        trainer.announce(1);
        light.await(experiment -> experiment.progress().left() == null);
        assertThat(urgent.view().progress().left()).isNotNull();
        trainer.leave();
        List.of(light, urgent).forEach(search -> experiments.cancel(search.id()));
    }

    private Search search(String settings) {
        return new Search(experiments, trials, "{'engine':'dl4j','blocks':1," + settings + "}");
    }
}
