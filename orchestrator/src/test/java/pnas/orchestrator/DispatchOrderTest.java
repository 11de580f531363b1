package pnas.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import pnas.message.TrainingJob;
import pnas.message.TrainingProgress;
import pnas.message.TrainingProgress.AttemptRef;
import pnas.message.TrainingProgress.Machine;
import pnas.message.TrainingProgress.Outcome;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.life.TrialState;
import pnas.orchestrator.peer.Trainer;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;
import pnas.testing.KafkaAndDatabase;
import pnas.testing.TestKafka;

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
        trainer = new Trainer("trainer-fair", MACHINE, TestKafka.bootstrapServers());
    }

    @AfterEach
    void end() {
        trainer.close();
    }

    @Test
    void the_longest_predicted_goes_first_by_multiply_adds_until_times_are_measured() {
        Search first = search("'seed':81001,'maxParallelTrainings':1,'operations':['sep5x5','identity']");
        Map<String, Long> multiplyAdds =
                first.trials().stream().collect(Collectors.toMap(TrialSummary::cellId, TrialSummary::multiplyAdds));
        List<Long> order = new ArrayList<>();
        for (int training = 0; training < multiplyAdds.size(); training++) {
            TrainingJob job = trainer.take(first.id());
            long own = multiplyAdds.get(job.cell().id().hex());
            order.add(own);
            // On this strange machine small networks take longest.
            trainer.tell(new TrainingProgress.Ended(
                    1, trainer.claim(job), new Outcome.Trained(0.5, MACHINE, false), 1e13 / own / own));
        }
        assertThat(order).isSortedAccordingTo(Comparator.reverseOrder());
        first.await(experiment -> experiment.state().isTerminal());

        Search second = search("'seed':81002,'maxParallelTrainings':1,'operations':['sep5x5','identity']");
        TrainingJob job = trainer.take(second.id());
        assertThat(multiplyAdds.get(job.cell().id().hex()))
                .isEqualTo(multiplyAdds.values().stream()
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
        experiments.cancel(second.id());
    }

    /** No trainer is alive, so that four jobs wait for one: whoever claims one makes room for the next. */
    @Test
    void experiments_share_by_weight_and_a_higher_priority_takes_all_it_may() {
        Search heavy = search("'seed':81003,'weight':3,'operations':['sep3x3','identity','max3x3']");
        Search light = search("'seed':81004,'operations':['sep3x3','identity','max3x3']");
        List<AttemptRef> held = new ArrayList<>();
        for (int training = 0; training < 12; training++) {
            held.add(trainer.claim(trainer.takeBeside(held, heavy.id(), light.id())));
        }
        await().untilAsserted(() -> {
            trainer.beat(held);
            assertThat(out(heavy) + out(light)).isEqualTo(16);
        });
        assertThat(out(heavy)).isEqualTo(12);

        Search urgent = search("'seed':81005,'priority':1,'maxParallelTrainings':3");
        for (int training = 0; training < 5; training++) {
            held.add(trainer.claim(trainer.takeBeside(held, heavy.id(), light.id(), urgent.id())));
        }
        await().untilAsserted(() -> {
            trainer.beat(held);
            assertThat(out(heavy) + out(light) + out(urgent)).isEqualTo(21);
        });
        assertThat(out(urgent)).isEqualTo(3);
        assertThat(urgent.view().specification().priority()).isEqualTo(1);

        assertThat(light.view().progress().left()).isNotNull();
        trainer.announce(1);
        light.await(experiment -> experiment.progress().left() == null);
        assertThat(urgent.view().progress().left()).isNotNull();
        trainer.leave();
        List.of(heavy, light, urgent).forEach(search -> experiments.cancel(search.id()));
    }

    private static long out(Search search) {
        return search.trials().stream()
                .filter(trial -> trial.state() != TrialState.QUEUED)
                .count();
    }

    private Search search(String settings) {
        return new Search(experiments, trials, "{'engine':'dl4j','blocks':1," + settings + "}");
    }
}
