package pnas.orchestrator.life.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.life.dispatch.FairShare.Choice;
import pnas.orchestrator.life.dispatch.FairShare.Claimant;
import pnas.orchestrator.life.dispatch.FairShare.Sharer;

/** What holds for any experiments, in whatever state their trainings are. */
class FairShareTest {
    private static final int ROUNDS = 2000;

    @Test
    void no_slot_is_idle_while_something_may_be_sent() {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            List<Claimant<Integer>> claimants = claimants(random);
            int room = random.nextInt(30);
            long waiting = claimants.stream()
                    .mapToLong(claimant -> claimant.waiting().size())
                    .sum();

            List<Choice<Integer>> chosen = FairShare.choose(claimants, room);

            assertThat(chosen).hasSize((int) Math.min(room, waiting));
            // Each sends the first of what waits, in its order, and nothing twice.
            for (Claimant<Integer> claimant : claimants) {
                List<Integer> own = chosen.stream()
                        .filter(choice -> choice.experimentId().equals(claimant.experimentId()))
                        .map(Choice::training)
                        .toList();
                assertThat(own).isEqualTo(claimant.waiting().subList(0, own.size()));
            }
        }
    }

    @Test
    void slots_are_shared_by_weight_and_a_share_that_is_small_is_not_nothing() {
        assertThat(FairShare.shares(List.of(sharer("a", 0, 3, 0, 99), sharer("b", 0, 1, 2, 99)), 8))
                .isEqualTo(Map.of("a", 6.0, "b", 2.0));
        assertThat(FairShare.shares(List.of(sharer("a", 0, 100, 1, 9), sharer("b", 0, 1, 0, 9)), 1))
                .isEqualTo(Map.of("a", 1.0, "b", 0.125));
        assertThat(FairShare.shares(
                        IntStream.range(0, 9)
                                .mapToObj(number -> sharer("" + number, 0, 1, 0, 5))
                                .toList(),
                        1))
                .hasSize(9)
                .allSatisfy((_, share) -> assertThat(share).isEqualTo(0.125));
    }

    @Test
    void who_waits_behind_those_that_want_all_slots_has_none_but_keeps_what_runs() {
        Sharer urgent = sharer("urgent", 1, 1, 1, 1);
        assertThat(FairShare.shares(List.of(urgent, sharer("waits", 0, 1, 1, 5), sharer("ends", 0, 1, 2, 0)), 2))
                .isEqualTo(Map.of("urgent", 2.0, "waits", 0.0, "ends", 2.0));
        assertThat(FairShare.shares(List.of(urgent, sharer("waits", 0, 1, 1, 5)), 3))
                .isEqualTo(Map.of("urgent", 2.0, "waits", 1.0));
    }

    private static Sharer sharer(String id, int priority, int weight, long running, long waiting) {
        return new Sharer(id, priority, weight, null, running, waiting);
    }

    @Test
    void a_higher_priority_goes_strictly_first() {
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            List<Claimant<Integer>> claimants = claimants(random);
            Map<String, Integer> priorities = new HashMap<>();
            claimants.forEach(claimant -> priorities.put(claimant.experimentId(), claimant.priority()));

            List<Choice<Integer>> chosen = FairShare.choose(claimants, random.nextInt(30));

            assertThat(chosen)
                    .extracting(choice -> priorities.get(choice.experimentId()))
                    .isSortedAccordingTo(Comparator.reverseOrder());
        }
    }

    @Test
    void nobody_goes_beyond_its_share_by_more_than_one_while_another_waits() {
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            List<Claimant<Integer>> claimants = claimants(random).stream()
                    .filter(claimant -> claimant.priority() == 0)
                    .toList();
            List<Choice<Integer>> one = FairShare.choose(claimants, 1);
            if (one.isEmpty()) {
                continue;
            }
            List<Claimant<Integer>> able = claimants.stream()
                    .filter(claimant -> !claimant.waiting().isEmpty())
                    .toList();
            Claimant<Integer> next = able.stream()
                    .filter(claimant ->
                            claimant.experimentId().equals(one.getFirst().experimentId()))
                    .findFirst()
                    .orElseThrow();
            double all = 1.0 + able.stream().mapToLong(Claimant::out).sum();
            double weights = able.stream().mapToInt(Claimant::weight).sum();
            assertThat(next.out() + 1.0).isLessThan(all * next.weight() / weights + 1);
        }
    }

    @Test
    void from_nothing_on_everybody_stays_within_one_training_of_its_share() {
        Random random = new Random(4);
        for (int round = 0; round < ROUNDS / 4; round++) {
            int experiments = 2 + random.nextInt(6);
            List<Claimant<Integer>> claimants = new ArrayList<>();
            for (int i = 0; i < experiments; i++) {
                claimants.add(new Claimant<>(
                        "experiment-" + i, 0, 1 + random.nextInt(20), 0, 0, Collections.nCopies(100, i)));
            }
            double weights = claimants.stream().mapToInt(Claimant::weight).sum();
            int[] out = new int[experiments];
            int all = 0;
            for (Choice<Integer> choice : FairShare.choose(claimants, 100)) {
                out[choice.training()]++;
                all++;
                for (int i = 0; i < experiments; i++) {
                    assertThat(Math.abs(out[i] - all * claimants.get(i).weight() / weights))
                            .as("%s after %d of %s", Arrays.toString(out), all, claimants)
                            .isLessThan(1 + 1e-9);
                }
            }
        }
    }

    /** Slots that become free one by one, trainings of any length, and experiments that have nothing to send for a while. */
    @Test
    void within_a_priority_everybody_is_served_by_and_by() {
        Random random = new Random(5);
        for (int round = 0; round < 60; round++) {
            int experiments = 2 + random.nextInt(5);
            int slots = 1 + random.nextInt(4);
            int[] weights = random.ints(experiments, 1, 20).toArray();
            double[] turns = new double[experiments];
            int[] passedOver = new int[experiments];
            List<String> running = new ArrayList<>();
            for (int step = 0; step < 600; step++) {
                while (running.size() >= slots) {
                    running.remove(random.nextInt(running.size()));
                }
                List<Claimant<Integer>> claimants = new ArrayList<>();
                for (int i = 0; i < experiments; i++) {
                    boolean absent = i > 0 && (step / 50 + i) % 4 == 0;
                    claimants.add(new Claimant<>(
                            "experiment-" + i,
                            0,
                            weights[i],
                            Collections.frequency(running, "experiment-" + i),
                            turns[i],
                            absent ? List.of() : List.of(i)));
                }
                Choice<Integer> next = FairShare.choose(claimants, 1).getFirst();
                turns[next.training()] = next.turn();
                running.add(next.experimentId());
                for (int i = 0; i < experiments; i++) {
                    boolean waits = !claimants.get(i).waiting().isEmpty() && !running.contains("experiment-" + i);
                    passedOver[i] = waits ? passedOver[i] + 1 : 0;
                    int bound = 0;
                    for (int weight : weights) {
                        bound += 2 + weight / weights[i];
                    }
                    assertThat(passedOver[i])
                            .as("weights %s, %d slots, experiment %d", Arrays.toString(weights), slots, i)
                            .isLessThanOrEqualTo(bound);
                }
            }
        }
    }

    @Test
    void ties_go_to_the_least_id_whatever_the_order() {
        List<Claimant<Integer>> claimants = new ArrayList<>(List.of(
                new Claimant<>("b", 0, 1, 0, 0, List.of(1)),
                new Claimant<>("a", 0, 1, 0, 0, List.of(2)),
                new Claimant<>("c", 0, 1, 0, 0, List.of(3))));
        assertThat(FairShare.choose(claimants, 3))
                .extracting(Choice::experimentId)
                .containsExactly("a", "b", "c");
        Collections.reverse(claimants);
        assertThat(FairShare.choose(claimants, 3))
                .extracting(Choice::experimentId)
                .containsExactly("a", "b", "c");
    }

    @Test
    void the_tail_of_a_stage_leaves_its_slots_to_the_next_experiment() {
        assertThat(FairShare.choose(
                        List.of(
                                new Claimant<>("heavy", 0, 100, 3, 7, List.of(1)),
                                new Claimant<>("light", 0, 1, 0, 5, List.of(2, 3, 4, 5))),
                        4))
                .extracting(Choice::experimentId)
                .containsExactlyInAnyOrder("heavy", "light", "light", "light");
    }

    private static List<Claimant<Integer>> claimants(Random random) {
        List<Claimant<Integer>> claimants = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(6); i++) {
            List<Integer> waiting = new ArrayList<>();
            for (int training = random.nextInt(9); training > 0; training--) {
                waiting.add(100 * i + training);
            }
            claimants.add(new Claimant<>(
                    "experiment-" + i,
                    random.nextInt(3) - 1,
                    1 + random.nextInt(20),
                    random.nextInt(12),
                    random.nextInt(9) / 4.0,
                    waiting));
        }
        return claimants;
    }
}
