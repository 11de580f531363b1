package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.capacity.Rules.Patience;
import pnas.orchestrator.capacity.SimulatedCluster.View;
import pnas.orchestrator.capacity.Verdict.Creation;
import pnas.orchestrator.capacity.Verdict.Deletion;

/** What holds in every cluster, whatever happens in whatever order, seen late or at once. */
class ScalingPropertiesTest {
    private static final int CLUSTERS = 1000;
    private static final int EVENTS = 80;
    private static final int LATEST = 4;
    private static final Patience FOR_EVER = new Patience(Duration.ofDays(1), Duration.ofDays(1));

    /** A controller whose watch may be some events behind. */
    private static final class Controller {
        private final SimulatedCluster cluster;
        private final Rules rules;
        private final List<String> engines;
        private Unseen unseen = new Unseen();
        private Experience experience = new Experience();
        private final Deque<View> past = new ArrayDeque<>();

        Controller(SimulatedCluster cluster, Rules rules, List<String> engines) {
            this.cluster = cluster;
            this.rules = rules;
            this.engines = engines;
            past.add(cluster.view());
        }

        void watch() {
            past.addLast(cluster.view());
        }

        /** Another process takes over; it lists everything anew. */
        void restart() {
            unseen = new Unseen();
            experience = new Experience();
            past.clear();
            watch();
        }

        Verdict decide(View view) {
            return Scaling.decide(
                    unseen.completed(view.cluster(), cluster.now()),
                    engines.stream()
                            .map(engine -> cluster.pool(
                                    engine,
                                    Objects.requireNonNull(view.trainings().get(engine)),
                                    view.revision()))
                            .toList(),
                    rules,
                    new Knowledge(view.busy(), view.signs(), experience),
                    cluster.now());
        }

        /** Acts on what it sees, at most so many events behind. */
        void round(int behind) {
            while (past.size() > behind + 1) {
                past.removeFirst();
            }
            View view = past.getFirst();
            Verdict verdict = decide(view);
            act(view, verdict);
            long own = cluster.openJobs();
            // Who does twice what was decided once does nothing more.
            verdict.create()
                    .forEach(job -> assertThat(cluster.create(job.name(), job.engine(), job.revision()))
                            .isFalse());
            assertThat(cluster.openJobs()).isEqualTo(own);
            int lost = verdict.lost().size();
            assertThat(verdict.create().isEmpty() || own <= cluster.gpus() + rules.surge() + lost)
                    .as("%d trainers, %d of them lost, on %d GPUs, surge %d", own, lost, cluster.gpus(), rules.surge())
                    .isTrue();
            assertThat(verdict.create().isEmpty() || own - lost <= rules.most()).isTrue();
        }

        private void act(View view, Verdict verdict) {
            experience.addProven(verdict.proven());
            for (Deletion job : verdict.delete()) {
                boolean trained = cluster.delete(job.name(), view.versions().getOrDefault(job.name(), 0));
                assertThat(trained).as("%s trained when it was deleted", job).isFalse();
                experience.deleted(view.revision(), job);
            }
            for (Creation job : verdict.create()) {
                if (cluster.create(job.name(), job.engine(), job.revision())) {
                    unseen.created(job, cluster.now());
                }
            }
        }
    }

    @Test
    void never_more_trainers_than_gpus_and_lost_ones_and_no_busy_one_deleted_whatever_happens() {
        for (int seed = 0; seed < CLUSTERS; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<String> engines = random.nextBoolean() ? List.of("torch") : List.of("torch", "dl4j");
            SimulatedCluster cluster = new SimulatedCluster(random, engines);
            Controller controller = new Controller(cluster, rules(random, Patience.USUAL), engines);
            for (int event = 0; event < EVENTS; event++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> controller.round(random.nextInt(LATEST));
                    case 2 -> {
                        if (random.nextInt(10) == 0) {
                            controller.restart();
                        }
                    }
                    default -> {
                        cluster.happen();
                        controller.watch();
                    }
                }
            }
        }
    }

    @Test
    void settles_within_two_rounds_once_a_trainer_was_heard_and_a_restart_changes_nothing() {
        for (int seed = 0; seed < CLUSTERS; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            List<String> engines = List.of("torch");
            SimulatedCluster cluster = new SimulatedCluster(random, engines);
            Controller controller = new Controller(cluster, rules(random, FOR_EVER), engines);
            for (int event = random.nextInt(EVENTS); event > 0; event--) {
                cluster.happen();
                if (random.nextInt(6) == 0) {
                    controller.watch();
                    controller.round(0);
                }
            }
            // One that deletes what an older template made, and one that starts the first of this one.
            for (int round = 0; round < 2 + 2; round++) {
                controller.watch();
                controller.round(0);
                cluster.settle();
            }
            controller.restart();
            Verdict verdict = controller.decide(cluster.view());
            assertThat(verdict.create()).as("seed %d", seed).isEmpty();
            assertThat(verdict.delete()).as("seed %d", seed).isEmpty();
        }
    }

    private static Rules rules(RandomGenerator random, Patience patience) {
        return new Rules(
                "nvidia.com/gpu",
                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(8)),
                random.nextInt(4) == 0 ? random.nextInt(3) : 0,
                1 + random.nextInt(2),
                patience);
    }
}
