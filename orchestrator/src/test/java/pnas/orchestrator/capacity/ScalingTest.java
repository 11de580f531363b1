package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.capacity.Cluster.Course;
import pnas.orchestrator.capacity.Cluster.Effect;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Hold;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Cluster.Node;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Cluster.Quota;
import pnas.orchestrator.capacity.Cluster.Taint;
import pnas.orchestrator.capacity.Cluster.Toleration;
import pnas.orchestrator.capacity.Rules.Patience;
import pnas.orchestrator.capacity.Verdict.Creation;
import pnas.orchestrator.capacity.Verdict.Deletion;
import pnas.orchestrator.trainer.Sign;

class ScalingTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Pool.Made MADE = new Pool.Made("now", false);
    private static final Rules RULES = rules(0, 1);
    private static final Knowledge KNOWN = knowing(Set.of(), Map.of());
    private static final Toleration GPUS_ONLY = new Toleration("gpus-only", null, null);

    @Test
    void starts_as_many_trainers_as_there_are_free_gpus() {
        Verdict verdict = decide(cluster(List.of(node("a", 2), node("b", 2)), List.of(other("x", "a", 1))), 10);

        assertThat(names(verdict)).containsExactly("trainer-0", "trainer-1", "trainer-2");
        assertThat(verdict.pools().getFirst().desired()).isEqualTo(3);
        assertThat(cause(verdict)).isEqualTo("3 trainers start");
    }

    @Test
    void starts_no_more_trainers_than_there_are_trainings() {
        assertThat(names(decide(cluster(List.of(node("a", 8)), List.of()), 2))).hasSize(2);
        assertThat(names(decide(cluster(List.of(node("a", 8)), List.of()), 0))).isEmpty();
    }

    @Test
    void a_trainer_with_several_slots_does_as_many_trainings() {
        Rules three = rules(0, 3);

        assertThat(names(decide(cluster(List.of(node("a", 8)), List.of()), three, pool(7))))
                .hasSize(3);
    }

    @Test
    void counts_the_trainers_that_are_there_and_those_that_wait() {
        Cluster cluster = cluster(
                List.of(node("a", 4)),
                List.of(own("trainer-0", "a", Phase.RUNNING), own("trainer-2", null, Phase.PENDING)),
                job("trainer-0"),
                job("trainer-2"));

        Verdict verdict = decide(cluster, 10);

        assertThat(names(verdict)).containsExactly("trainer-1", "trainer-3");
        assertThat(verdict.pools().getFirst().bound()).isEqualTo(1);
    }

    @Test
    void takes_no_name_of_a_job_that_is_over_and_not_yet_removed() {
        Cluster cluster = cluster(List.of(node("a", 1)), List.of(), ended("trainer-0", true, 600, 10));

        assertThat(names(decide(cluster, 1))).containsExactly("trainer-1");
    }

    @Test
    void says_that_others_have_the_gpus() {
        Verdict verdict = decide(cluster(List.of(node("a", 4)), List.of(other("x", "a", 4))), 3);

        assertThat(verdict.create()).isEmpty();
        assertThat(cause(verdict)).isEqualTo("0 of 4 GPUs are free on matching nodes");
    }

    @Test
    void what_one_node_has_promised_too_much_is_not_missing_on_another() {
        assertThat(names(decide(cluster(List.of(node("a", 1), node("b", 1)), List.of(other("x", "a", 3))), 5)))
                .hasSize(1);
    }

    @Test
    void pods_that_are_over_take_nothing() {
        Pod over = new Pod("x", "a", Phase.OVER, gpus(4), null, null, null, Course.UNTOLD);

        assertThat(names(decide(cluster(List.of(node("a", 4)), List.of(over)), 9)))
                .hasSize(4);
    }

    @Test
    void mixed_nodes_count_where_they_have_the_resource() {
        Cluster cluster = cluster(List.of(node("cpu-1", 0), node("gpu-1", 1), node("gpu-8", 8)), List.of());

        assertThat(names(decide(cluster, 100))).hasSize(9);
        assertThat(cause(decide(cluster, 100))).isEqualTo("9 trainers start");
    }

    @Test
    void leaves_cordoned_and_unready_nodes_out_and_says_so() {
        Node cordoned = new Node("a", true, true, Map.of(), List.of(), gpus(4));
        Node unready = new Node("b", false, false, Map.of(), List.of(), gpus(4));

        assertThat(cause(decide(cluster(List.of(cordoned), List.of()), 3)))
                .isEqualTo("the only node with nvidia.com/gpu takes no trainers: a is cordoned");
        assertThat(cause(decide(cluster(List.of(cordoned, unready), List.of()), 3)))
                .isEqualTo("none of the 2 nodes with nvidia.com/gpu takes trainers: a is cordoned, b is not ready");
        assertThat(cause(decide(cluster(List.of(cordoned, unready, node("c", 2)), List.of(other("x", "c", 2))), 3)))
                .isEqualTo("0 of 2 GPUs are free on matching nodes; a is cordoned, b is not ready");
    }

    @Test
    void a_trainer_on_a_node_that_was_cordoned_since_stays_and_takes_nobodys_place() {
        Node cordoned = new Node("a", true, true, Map.of(), List.of(), gpus(1));
        Cluster cluster = cluster(
                List.of(cordoned, node("b", 1)), List.of(own("trainer-0", "a", Phase.RUNNING)), job("trainer-0"));

        Verdict verdict = decide(cluster, 5);

        assertThat(names(verdict)).containsExactly("trainer-1");
        assertThat(verdict.delete()).isEmpty();
    }

    @Test
    void leaves_nodes_out_whose_taints_the_trainers_do_not_tolerate() {
        Taint taint = new Taint("dedicated", "other", Effect.NO_SCHEDULE);
        Cluster cluster = cluster(List.of(tainted(taint)), List.of());

        assertThat(cause(decide(cluster, 3)))
                .isEqualTo("the only node with nvidia.com/gpu takes no trainers: a has the taint"
                        + " dedicated=other:NoSchedule, which trainers do not tolerate");
        assertThat(names(decide(cluster, RULES, tolerating(new Toleration("dedicated", "other", null)))))
                .hasSize(2);
        assertThat(names(decide(cluster, RULES, tolerating(new Toleration(null, null, null)))))
                .hasSize(2);
        assertThat(names(decide(cluster, RULES, tolerating(new Toleration("dedicated", "mine", null)))))
                .isEmpty();
        assertThat(names(decide(cluster, RULES, tolerating(new Toleration("dedicated", "other", Effect.NO_EXECUTE)))))
                .isEmpty();
        assertThat(names(decide(
                        cluster(List.of(tainted(new Taint("slow", "", Effect.PREFER_NO_SCHEDULE))), List.of()), 3)))
                .hasSize(2);
    }

    @Test
    void leaves_nodes_out_that_the_selector_does_not_choose() {
        Node wrong = new Node("a", true, false, Map.of("gpu", "old"), List.of(), gpus(2));
        Node right = new Node("b", true, false, Map.of("gpu", "new", "zone", "1"), List.of(), gpus(1));
        Pool selecting =
                new Pool("torch", "trainer", gpus(1), Map.of("gpu", "new"), Optional.empty(), List.of(), 5, MADE);

        assertThat(names(decide(cluster(List.of(wrong, right), List.of()), RULES, selecting)))
                .hasSize(1);
        assertThat(cause(decide(cluster(List.of(wrong), List.of()), RULES, selecting)))
                .isEqualTo("the only node with nvidia.com/gpu takes no trainers: a lacks the label gpu=new");
    }

    @Test
    void leaves_nodes_out_that_the_affinity_does_not_choose() {
        Affinity large = new Affinity(List.of(new Affinity.Term(
                List.of(new Affinity.Requirement("memory", Affinity.Operator.GREATER, List.of("40"))))));
        Node small = new Node("a", true, false, Map.of("memory", "16"), List.of(), gpus(2));
        Node right = new Node("b", true, false, Map.of("memory", "80"), List.of(), gpus(1));
        Pool choosing = new Pool("torch", "trainer", gpus(1), Map.of(), Optional.of(large), List.of(), 5, MADE);

        assertThat(names(decide(cluster(List.of(small, right), List.of()), RULES, choosing)))
                .hasSize(1);
        assertThat(cause(decide(cluster(List.of(small), List.of()), RULES, choosing)))
                .isEqualTo("the only node with nvidia.com/gpu takes no trainers:"
                        + " a is not as the affinity of trainers requires (memory Gt 40)");
    }

    @Test
    void names_a_few_of_many_nodes() {
        List<Node> nodes = IntStream.range(0, 9)
                .mapToObj(each -> new Node("n" + each, false, false, Map.of(), List.of(), gpus(1)))
                .toList();

        assertThat(cause(decide(cluster(nodes, List.of()), 1)))
                .isEqualTo("none of the 9 nodes with nvidia.com/gpu takes trainers:"
                        + " n0 is not ready, n1 is not ready, n2 is not ready, and 6 more");
    }

    @Test
    void parts_of_gpus_are_a_resource_like_any_other() {
        for (String resource : List.of("nvidia.com/mig-1g.5gb", "nvidia.com/gpu.shared", "amd.com/gpu")) {
            Rules rules = new Rules(resource, OptionalInt.empty(), 0, 1, Patience.USUAL);
            assertThat(names(decide(cluster(List.of(node("a", 7)), List.of()), rules, pool(9))))
                    .hasSize(7);
        }
        Cluster full = cluster(List.of(node("a", 7)), List.of(other("x", "a", 7)));
        assertThat(cause(decide(
                        full, new Rules("nvidia.com/mig-1g.5gb", OptionalInt.empty(), 0, 1, Patience.USUAL), pool(9))))
                .isEqualTo("0 of 7 units of nvidia.com/mig-1g.5gb are free on matching nodes");
        assertThat(cause(decide(
                        full, new Rules("nvidia.com/gpu.shared", OptionalInt.empty(), 0, 1, Patience.USUAL), pool(9))))
                .isEqualTo("0 of 7 shared GPUs are free on matching nodes");
    }

    @Test
    void a_trainer_may_take_more_than_one_or_a_fraction() {
        Pool two = new Pool("torch", "trainer", gpus(2), Map.of(), Optional.empty(), List.of(), 9, MADE);
        assertThat(names(decide(cluster(List.of(node("a", 3), node("b", 1), node("c", 2)), List.of()), RULES, two)))
                .hasSize(2);
        assertThat(cause(decide(cluster(List.of(node("a", 1), node("b", 1)), List.of()), RULES, two)))
                .isEqualTo("2 of 2 GPUs are free on matching nodes, a trainer takes 2 on one node");

        Pool cores = new Pool("torch", "trainer", 1500, Map.of(), Optional.empty(), List.of(), 9, MADE);
        Node worker = new Node("a", true, false, Map.of(), List.of(), 7900);
        Pod system = new Pod("dns", "a", Phase.RUNNING, 100, null, null, null, Course.UNTOLD);
        Rules cpu = new Rules("cpu", OptionalInt.empty(), 0, 1, Patience.USUAL);
        assertThat(names(decide(cluster(List.of(worker), List.of(system)), cpu, cores)))
                .hasSize(5);
    }

    @Test
    void says_that_the_resource_is_missing_altogether() {
        assertThat(cause(decide(cluster(List.of(node("a", 0), node("b", 0)), List.of()), 3)))
                .isEqualTo("no node has nvidia.com/gpu; for a node autoscaler that adds one, set"
                        + " pnas.capacity.autoscaler");
        assertThat(cause(decide(cluster(List.of(), List.of()), 3)))
                .isEqualTo("no node has nvidia.com/gpu; for a node autoscaler that adds one, set"
                        + " pnas.capacity.autoscaler");
    }

    @Test
    void a_maximum_of_nothing_starts_nothing() {
        Verdict verdict = decide(cluster(List.of(node("a", 4)), List.of()), most(0), pool(3));

        assertThat(verdict.create()).isEmpty();
        assertThat(cause(verdict)).isEqualTo("no trainer may be started, pnas.capacity.maximum is 0");
    }

    @Test
    void says_that_the_maximum_is_reached() {
        Cluster cluster =
                cluster(List.of(node("a", 4)), List.of(own("trainer-0", "a", Phase.RUNNING)), job("trainer-0"));
        Verdict verdict = decide(cluster, most(1), pool(3));

        assertThat(verdict.create()).isEmpty();
        assertThat(cause(verdict)).isEqualTo("the one trainer that pnas.capacity.maximum allows is there");
    }

    @Test
    void without_the_right_to_read_nodes_the_quota_says_how_many() {
        Pod waiting = own("trainer-0", null, Phase.PENDING);
        Cluster cluster = new Cluster(
                Optional.empty(),
                List.of(waiting),
                List.of(new Quota("gpus", gpus(4), gpus(2)), new Quota("loose", gpus(9), gpus(2))),
                List.of(job("trainer-0")));

        // Two are used, one of them by the trainer that waits for its place.
        assertThat(names(decide(cluster, 10))).containsExactly("trainer-1", "trainer-2");
        Cluster full =
                new Cluster(Optional.empty(), List.of(), List.of(new Quota("gpus", gpus(4), gpus(4))), List.of());
        assertThat(cause(decide(full, 3))).isEqualTo("0 of 4 GPUs are left in the ResourceQuota gpus");
    }

    @Test
    void a_quota_also_limits_where_nodes_may_be_read() {
        Cluster cluster = new Cluster(
                Optional.of(List.of(node("a", 8))), List.of(), List.of(new Quota("gpus", gpus(3), 0)), List.of());

        assertThat(names(decide(cluster, 10))).hasSize(3);
    }

    @Test
    void without_nodes_and_quota_the_maximum_says_how_many() {
        Cluster blind = new Cluster(Optional.empty(), List.of(), List.of(), List.of());

        assertThat(names(decide(blind, most(3), pool(10)))).hasSize(3);
        assertThat(cause(decide(blind, 10)))
                .isEqualTo("neither nodes nor a ResourceQuota with nvidia.com/gpu can be read: set"
                        + " pnas.capacity.maximum");
    }

    @Test
    void lets_trainers_wait_for_a_node_autoscaler() {
        Rules surging = rules(2, 1);

        assertThat(names(decide(cluster(List.of(), List.of()), surging, pool(10))))
                .hasSize(2);
        assertThat(names(decide(cluster(List.of(node("a", 1)), List.of()), surging, pool(10))))
                .hasSize(3);
    }

    @Test
    void deletes_waiting_trainers_that_are_not_needed_any_more_and_no_others() {
        Cluster cluster = cluster(
                List.of(node("a", 9)),
                List.of(
                        own("trainer-0", "a", Phase.RUNNING),
                        own("trainer-1", "a", Phase.PENDING),
                        own("trainer-2", null, Phase.PENDING),
                        own("trainer-3", "a", Phase.PENDING)),
                job("trainer-0"),
                job("trainer-1"),
                job("trainer-2"),
                job("trainer-3"),
                job("trainer-10"));

        assertThat(deleted(decide(cluster, 3))).containsExactly("trainer-10", "trainer-2");
        assertThat(deleted(decide(cluster, 0))).containsExactly("trainer-10", "trainer-2", "trainer-3", "trainer-1");
        // The database heard of it before the cluster said that it runs.
        assertThat(deleted(Scaling.decide(
                        cluster, List.of(pool(0)), RULES, knowing(Set.of("trainer-1-pod"), Map.of()), NOW)))
                .containsExactly("trainer-10", "trainer-2", "trainer-3");
    }

    @Test
    void waiting_trainers_go_when_others_take_their_gpus() {
        Cluster cluster = cluster(
                List.of(node("a", 1)),
                List.of(other("x", "a", 1), own("trainer-0", null, Phase.PENDING)),
                job("trainer-0"));

        Verdict verdict = decide(cluster, 3);

        assertThat(deleted(verdict)).containsExactly("trainer-0");
        assertThat(cause(verdict)).isEqualTo("0 of 1 GPU is free on matching nodes");
    }

    @Test
    void says_what_keeps_a_trainer_from_starting() {
        Pod stuck = new Pod(
                "trainer-0-pod", "a", Phase.PENDING, gpus(1), "trainer-0", "torch", "ErrImagePull", Course.UNTOLD);
        Verdict verdict = decide(cluster(List.of(node("a", 1)), List.of(stuck), job("trainer-0")), 3);

        assertThat(cause(verdict)).isEqualTo("1 trainer starts, but ErrImagePull");
    }

    @Test
    void a_trainer_that_says_that_it_cannot_train_says_why_to_those_who_wait() {
        // Its image took long to come: it is no longer soon after the start.
        Job unable = ended("trainer-0", false, 500, 5);
        Pod pod = new Pod(
                "trainer-0-x7k2p", "a", Phase.OVER, gpus(1), "trainer-0", "torch", "no CUDA driver", Course.UNTOLD);
        Verdict verdict =
                decide(cluster(List.of(node("a", 4)), List.of(pod), unable.knowing(List.of(pod), Map.of())), 3);

        assertThat(names(verdict)).isEmpty();
        assertThat(cause(verdict)).startsWith("a trainer failed soon after the start (no CUDA driver); ");
    }

    @Test
    void trainers_that_a_drain_told_to_leave_hold_nobody_back() {
        Job drained = ended("trainer-0", false, 60, 5);
        Instant heard = NOW.minusSeconds(20);
        assertThat(names(decide(cluster(List.of(node("a", 4)), List.of(), drained), 3)))
                .isEmpty();

        Job known = drained.knowing(List.of(), Map.of("trainer-0-x7k2p", left(heard)));
        Verdict verdict = decide(cluster(List.of(node("a", 4)), List.of(), known), 3);
        assertThat(names(verdict)).containsExactly("trainer-1", "trainer-2", "trainer-3");
        assertThat(cause(verdict)).isEqualTo("3 trainers start");

        // Of another Job, or of one that had the name before.
        assertThat(drained.knowing(
                        List.of(), Map.of("trainer-0-1-x7k2p", left(heard), "trainer-01-x7k2p", left(heard))))
                .isEqualTo(drained);
        assertThat(drained.knowing(List.of(), Map.of("trainer-0-x7k2p", left(NOW.minusSeconds(90)))))
                .isEqualTo(drained);
    }

    private static Sign left(Instant heardAt) {
        return new Sign(heardAt, true, true, false);
    }

    @Test
    void trainers_that_fail_at_once_are_started_ever_more_seldom() {
        Node node = node("a", 4);
        Cluster once = cluster(List.of(node), List.of(), ended("trainer-0", false, 8, 5));
        assertThat(names(decide(once, 9))).isEmpty();
        assertThat(cause(decide(once, 9)))
                .isEqualTo("a trainer failed soon after the start (exit code 1); the next one is started at"
                        + " 12:00:05 UTC");

        Cluster thrice = cluster(
                List.of(node),
                List.of(),
                ended("trainer-0", false, 100, 90),
                ended("trainer-1", false, 70, 60),
                ended("trainer-2", false, 55, 45));
        assertThat(names(Scaling.decide(thrice, List.of(pool(9)), RULES, KNOWN, NOW.minusSeconds(10))))
                .as("35 s after the last")
                .isEmpty();
        assertThat(names(decide(thrice, 9))).as("45 s after the last").containsExactly("trainer-3");
        assertThat(cause(Scaling.decide(thrice, List.of(pool(9)), RULES, KNOWN, NOW)))
                .isEqualTo("the last 3 trainers failed soon after the start (exit code 1); one is tried at a time");
    }

    @Test
    void one_trainer_that_works_makes_up_for_those_that_failed_before() {
        Job failed = ended("trainer-0", false, 400, 390);
        Job alive = new Job("trainer-1", "torch", "now", Hold.NONE, NOW.minusSeconds(200), null);
        Job young = new Job("trainer-1", "torch", "now", Hold.NONE, NOW.minusSeconds(20), null);
        Pod pod = own("trainer-1", "a", Phase.RUNNING);

        assertThat(names(decide(cluster(List.of(node("a", 4)), List.of(pod), failed, alive), 9)))
                .hasSize(3);
        assertThat(names(decide(cluster(List.of(node("a", 4)), List.of(pod), failed, young), 9)))
                .isEmpty();
        assertThat(names(decide(
                        cluster(List.of(node("a", 4)), List.of(), failed, ended("trainer-2", true, 300, 100)), 9)))
                .hasSize(4);
    }

    @Test
    void engines_take_free_gpus_in_turn() {
        Pool torch = pool(10);
        Pool dl4j = new Pool("dl4j", "other", gpus(1), Map.of(), Optional.empty(), List.of(), 10, MADE);
        Verdict verdict =
                Scaling.decide(cluster(List.of(node("a", 5)), List.of()), List.of(torch, dl4j), RULES, KNOWN, NOW);

        assertThat(names(verdict)).containsExactly("trainer-0", "trainer-1", "trainer-2", "other-0", "other-1");
        assertThat(Scaling.decide(
                                cluster(List.of(node("a", 5)), List.of()),
                                List.of(
                                        torch,
                                        new Pool(
                                                "dl4j",
                                                "other",
                                                gpus(1),
                                                Map.of(),
                                                Optional.empty(),
                                                List.of(),
                                                1,
                                                MADE)),
                                most(3),
                                KNOWN,
                                NOW)
                        .create())
                .extracting(Creation::engine)
                .containsExactly("torch", "torch", "dl4j");
    }

    @Test
    void says_nothing_while_every_training_has_a_trainer() {
        Cluster cluster =
                cluster(List.of(node("a", 1)), List.of(own("trainer-0", "a", Phase.RUNNING)), job("trainer-0"));

        assertThat(cause(decide(cluster, 1))).isNull();
        assertThat(cause(decide(cluster, 0))).isNull();
    }

    private static Rules rules(int surge, int slots) {
        return new Rules("nvidia.com/gpu", OptionalInt.empty(), surge, slots, Patience.USUAL);
    }

    /** The template is proven. */
    static Knowledge knowing(Set<String> busy, Map<String, Sign> signs) {
        Experience experience = new Experience();
        experience.addProven(Set.of(MADE.revision()));
        return new Knowledge(busy, signs, experience);
    }

    private static List<String> deleted(Verdict verdict) {
        return verdict.delete().stream().map(Deletion::name).toList();
    }

    static long gpus(int count) {
        return count * Wording.ONE;
    }

    static Node node(String name, int gpus) {
        return new Node(name, true, false, Map.of(), List.of(), gpus(gpus));
    }

    private static Node tainted(Taint taint) {
        return new Node("a", true, false, Map.of(), List.of(taint), gpus(2));
    }

    private static Pool tolerating(Toleration toleration) {
        return new Pool(
                "torch", "trainer", gpus(1), Map.of(), Optional.empty(), List.of(GPUS_ONLY, toleration), 3, MADE);
    }

    static Pod other(String name, String node, int gpus) {
        return new Pod(name, node, Phase.RUNNING, gpus(gpus), null, null, null, Course.UNTOLD);
    }

    static Pod own(String job, @Nullable String node, Phase phase) {
        return new Pod(job + "-pod", node, phase, gpus(1), job, "torch", null, Course.UNTOLD);
    }

    static Job job(String name) {
        return new Job(name, "torch", "now", Hold.NONE, null, null);
    }

    private static Job ended(String name, boolean succeeded, int startedSecondsAgo, int endedSecondsAgo) {
        return new Job(
                name,
                "torch",
                "now",
                new Hold(NOW.minusSeconds(startedSecondsAgo), false, null),
                NOW.minusSeconds(startedSecondsAgo),
                new End(succeeded, false, NOW.minusSeconds(endedSecondsAgo), "exit code 1"));
    }

    private static Cluster cluster(List<Node> nodes, List<Pod> pods, Job... jobs) {
        return new Cluster(Optional.of(nodes), new ArrayList<>(pods), List.of(), List.of(jobs));
    }

    static Pool pool(long trainings) {
        return new Pool("torch", "trainer", gpus(1), Map.of(), Optional.empty(), List.of(), trainings, MADE);
    }

    private static Rules most(int trainers) {
        return new Rules("nvidia.com/gpu", OptionalInt.of(trainers), 0, 1, Patience.USUAL);
    }

    private static Verdict decide(Cluster cluster, long trainings) {
        return decide(cluster, RULES, pool(trainings));
    }

    private static Verdict decide(Cluster cluster, Rules rules, Pool pool) {
        return Scaling.decide(cluster, List.of(pool), rules, KNOWN, NOW);
    }

    private static List<String> names(Verdict verdict) {
        return verdict.create().stream().map(Creation::name).toList();
    }

    private static @Nullable String cause(Verdict verdict) {
        return verdict.pools().getFirst().cause();
    }
}
