package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pnas.orchestrator.capacity.ScalingTest.MADE;
import static pnas.orchestrator.capacity.ScalingTest.gpus;
import static pnas.orchestrator.capacity.ScalingTest.job;
import static pnas.orchestrator.capacity.ScalingTest.node;
import static pnas.orchestrator.capacity.ScalingTest.other;
import static pnas.orchestrator.capacity.ScalingTest.own;
import static pnas.orchestrator.capacity.ScalingTest.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import pnas.orchestrator.capacity.Cluster.Course;
import pnas.orchestrator.capacity.Cluster.End;
import pnas.orchestrator.capacity.Cluster.Hold;
import pnas.orchestrator.capacity.Cluster.Job;
import pnas.orchestrator.capacity.Cluster.Node;
import pnas.orchestrator.capacity.Cluster.Phase;
import pnas.orchestrator.capacity.Cluster.Pod;
import pnas.orchestrator.capacity.Rules.Patience;
import pnas.orchestrator.capacity.Verdict.Creation;
import pnas.orchestrator.capacity.Verdict.Deletion;
import pnas.orchestrator.trainer.Sign;

/** Nothing that a cluster does or fails to do keeps a search from going on where there is a free GPU. */
class StallsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Node DEAD = new Node("dead", false, false, Map.of(), List.of(), gpus(2));
    private static final Knowledge PROVEN = ScalingTest.knowing(Set.of(), Map.of());

    @Test
    void trainers_on_a_dead_node_have_successors_and_the_cause_names_the_node() {
        List<Pod> pods = List.of(own("trainer-0", "dead", Phase.RUNNING), own("trainer-1", "dead", Phase.RUNNING));

        Verdict verdict = decide(List.of(DEAD, node("b", 4)), pods, 2, PROVEN, job("trainer-0"), job("trainer-1"));
        assertThat(names(verdict)).containsExactly("trainer-2", "trainer-3");
        assertThat(verdict.delete()).isEmpty();
        assertThat(cause(verdict)).isEqualTo("2 trainers start; 2 trainers do not count, the node dead is not ready");

        Verdict gone = decide(List.of(node("b", 1)), pods, 2, PROVEN, job("trainer-0"), job("trainer-1"));
        assertThat(names(gone)).containsExactly("trainer-2");
        assertThat(cause(gone)).isEqualTo("1 trainer starts; 2 trainers do not count, the node dead is gone");
    }

    @Test
    void a_lost_trainer_counts_again_once_its_node_is_back() {
        List<Pod> pods = List.of(own("trainer-0", "b", Phase.RUNNING), own("trainer-1", "b", Phase.RUNNING));

        Verdict verdict = decide(List.of(node("b", 4)), pods, 2, PROVEN, job("trainer-0"), job("trainer-1"));
        assertThat(verdict.create()).isEmpty();
        assertThat(cause(verdict)).isNull();
    }

    @Test
    void a_pod_that_should_be_gone_does_not_count_and_keeps_its_part_of_the_node() {
        Pod late = running("trainer-0", new Course(null, false, null, NOW.minusSeconds(31)));
        Pod ending = running("trainer-0", new Course(null, false, null, NOW.minusSeconds(29)));

        assertThat(names(decide(List.of(node("a", 2)), List.of(late), 2, PROVEN, job("trainer-0"))))
                .containsExactly("trainer-1");
        assertThat(names(decide(List.of(node("a", 1)), List.of(late), 2, PROVEN, job("trainer-0"))))
                .isEmpty();
        assertThat(names(decide(List.of(node("a", 2)), List.of(ending), 1, PROVEN, job("trainer-0"))))
                .isEmpty();
    }

    @Test
    void a_trainer_that_is_surely_silent_does_not_count() {
        Pod pod = running("trainer-0", Course.UNTOLD);
        Knowledge silent = ScalingTest.knowing(
                Set.of("trainer-0-pod"), Map.of("trainer-0-pod", new Sign(NOW.minusSeconds(90), false, true, true)));

        Verdict verdict = decide(List.of(node("a", 2)), List.of(pod), 1, silent, job("trainer-0"));
        assertThat(names(verdict)).containsExactly("trainer-1");
        assertThat(verdict.delete()).isEmpty();
        assertThat(cause(verdict)).isEqualTo("1 trainer starts; 1 trainer does not count, silent on the node a");
    }

    @Test
    void own_trainers_are_at_most_the_maximum_and_those_that_are_lost() {
        List<Pod> pods = List.of(own("trainer-0", "dead", Phase.RUNNING), own("trainer-1", "b", Phase.RUNNING));
        Cluster cluster = cluster(List.of(DEAD, node("b", 8)), pods, job("trainer-0"), job("trainer-1"));
        Rules two = new Rules("nvidia.com/gpu", OptionalInt.of(2), 0, 1, Patience.USUAL);

        assertThat(names(Scaling.decide(cluster, List.of(pool(9)), two, PROVEN, NOW)))
                .containsExactly("trainer-2");
    }

    @Test
    void a_job_that_gets_no_pod_is_deleted_with_what_its_event_says_and_tried_again_later() {
        Experience experience = proven();
        Job refused = new Job("trainer-0", "torch", "now", new Hold(NOW, false, "exceeded quota: cpus"), null, null);

        Verdict verdict = decide(List.of(node("a", 4)), List.of(), 4, knowing(experience), refused);
        assertThat(deleted(verdict)).containsExactly("trainer-0");
        assertThat(names(verdict)).isEmpty();
        assertThat(cause(verdict))
                .isEqualTo("a trainer got no pod (exceeded quota: cpus); the next one is started at 12:00:10 UTC");
        verdict.delete().forEach(deletion -> experience.deleted("now", deletion));

        assertThat(names(at(10, List.of(node("a", 4)), List.of(), 4, knowing(experience))))
                .containsExactly("trainer-0");
        assertThat(names(at(9, List.of(node("a", 4)), List.of(), 4, knowing(experience))))
                .isEmpty();
    }

    @Test
    void a_suspended_job_waits_as_long_as_its_queue_wants() {
        Job suspended = new Job("trainer-0", "torch", "now", new Hold(NOW.minusSeconds(9999), true, null), null, null);

        Verdict verdict = decide(List.of(node("a", 4)), List.of(), 1, PROVEN, suspended);
        assertThat(verdict.delete()).isEmpty();
        assertThat(cause(verdict))
                .isEqualTo("1 trainer waits, held back by a queue of the cluster (its Job is suspended)");
    }

    @Test
    void a_queue_sees_all_trainers_that_are_wanted_up_to_the_maximum() {
        Pool queued = new Pool(
                "torch", "trainer", gpus(1), Map.of(), Optional.empty(), List.of(), 20, new Pool.Made("now", true));
        Rules most = new Rules("nvidia.com/gpu", OptionalInt.of(6), 0, 2, Patience.USUAL);

        assertThat(names(Scaling.decide(cluster(List.of(), List.of()), List.of(queued), most, PROVEN, NOW)))
                .hasSize(6);
        assertThat(names(Scaling.decide(
                        cluster(List.of(), List.of()),
                        List.of(queued),
                        new Rules("nvidia.com/gpu", OptionalInt.empty(), 0, 2, Patience.USUAL),
                        PROVEN,
                        NOW)))
                .hasSize(10);
    }

    @Test
    void of_a_template_that_nobody_was_heard_of_one_starts_first_for_each_engine() {
        Knowledge nothing = new Knowledge(Set.of(), Map.of(), new Experience());
        Pool dl4j = new Pool(
                "dl4j", "other", gpus(1), Map.of(), Optional.empty(), List.of(), 3, new Pool.Made("other", false));

        Verdict first = Scaling.decide(
                cluster(List.of(node("a", 8)), List.of()),
                List.of(pool(3), dl4j),
                new Rules("nvidia.com/gpu", OptionalInt.empty(), 0, 1, Patience.USUAL),
                nothing,
                NOW);
        assertThat(names(first)).containsExactly("trainer-0", "other-0");
        assertThat(cause(first)).isEqualTo("1 trainer starts, and 2 more once it is heard");
        assertThat(first.proven()).isEmpty();

        // It runs, and says nothing yet; or says that it cannot train.
        List<Pod> pods = List.of(running("trainer-0", Course.UNTOLD));
        assertThat(names(decide(List.of(node("a", 8)), pods, 3, nothing, job("trainer-0"))))
                .isEmpty();
        Sign unable = new Sign(NOW, false, false, false);
        assertThat(names(decide(List.of(node("a", 8)), pods, 3, hearing("trainer-0-pod", unable), job("trainer-0"))))
                .isEmpty();
        Sign able = new Sign(NOW, false, true, false);
        Verdict heard = decide(List.of(node("a", 8)), pods, 3, hearing("trainer-0-pod", able), job("trainer-0"));
        assertThat(names(heard)).containsExactly("trainer-1", "trainer-2");
        assertThat(heard.proven()).containsExactly("now");
    }

    @Test
    void what_has_not_started_in_time_is_deleted_and_backs_off() {
        Pod stuck = pending("trainer-0", "a", "ErrImagePull: no such image", 601, false);
        Pod pulling = pending("trainer-0", "a", null, 1799, true);
        Pod pullsForEver = pending("trainer-0", "a", null, 1801, true);

        Verdict verdict = decide(List.of(node("a", 4)), List.of(stuck), 1, PROVEN, job("trainer-0"));
        assertThat(deleted(verdict)).containsExactly("trainer-0");
        assertThat(cause(verdict))
                .isEqualTo("a trainer did not start in time (ErrImagePull: no such image);"
                        + " the next one is started at 12:00:10 UTC");
        assertThat(deleted(decide(List.of(node("a", 4)), List.of(pulling), 1, PROVEN, job("trainer-0"))))
                .isEmpty();
        assertThat(deleted(decide(List.of(node("a", 4)), List.of(pullsForEver), 1, PROVEN, job("trainer-0"))))
                .containsExactly("trainer-0");
        assertThat(deleted(decide(
                        List.of(node("a", 4)),
                        List.of(pending("trainer-0", "a", null, 599, false)),
                        1,
                        PROVEN,
                        job("trainer-0"))))
                .isEmpty();
    }

    @Test
    void one_that_waits_for_a_node_autoscaler_has_all_the_time_that_it_needs() {
        Job old = new Job("trainer-0", "torch", "now", new Hold(NOW.minusSeconds(9999), false, null), null, null);
        Cluster cluster = cluster(List.of(), List.of(own("trainer-0", null, Phase.PENDING)), old);

        assertThat(deleted(Scaling.decide(cluster, List.of(pool(1)), surging(1), PROVEN, NOW)))
                .isEmpty();
        assertThat(deleted(
                        decide(List.of(node("a", 1)), List.of(own("trainer-0", null, Phase.PENDING)), 1, PROVEN, old)))
                .containsExactly("trainer-0");
    }

    @Test
    void what_an_older_template_made_is_replaced_unless_it_has_started() {
        Job older = new Job("trainer-0", "torch", "before", Hold.NONE, null, null);
        Job started = new Job("trainer-1", "torch", "before", Hold.NONE, null, null);
        List<Pod> pods =
                List.of(pending("trainer-0", "a", "ImagePullBackOff", 20, false), running("trainer-1", Course.UNTOLD));

        Verdict verdict = decide(List.of(node("a", 4)), pods, 2, PROVEN, older, started);
        assertThat(verdict.delete())
                .containsExactly(new Deletion("trainer-0", "it was made from an older template", null));
        assertThat(verdict.create()).as("it still has its place").isEmpty();
        assertThat(names(decide(List.of(node("a", 4)), List.of(pods.get(1)), 2, PROVEN, started)))
                .containsExactly("trainer-0");
    }

    @Test
    void setbacks_of_an_older_template_hold_nobody_back() {
        Job failed = new Job(
                "trainer-0",
                "torch",
                "before",
                Hold.NONE,
                NOW.minusSeconds(9),
                new End(false, false, NOW.minusSeconds(1), "exit code 1"));

        assertThat(names(decide(List.of(node("a", 4)), List.of(), 2, PROVEN, failed)))
                .containsExactly("trainer-1", "trainer-2");
    }

    @Test
    void failures_count_from_the_start_of_the_container_and_a_pending_trainer_proves_nothing() {
        // Its image took 125 s to come, and it crashed 3 s later.
        Job crashed = new Job(
                "trainer-0",
                "torch",
                "now",
                new Hold(NOW.minusSeconds(130), false, null),
                NOW.minusSeconds(5),
                new End(false, false, NOW.minusSeconds(2), "exit code 1"));
        Job waiting = new Job("trainer-1", "torch", "now", new Hold(NOW.minusSeconds(500), false, null), null, null);

        Verdict verdict = decide(List.of(node("a", 4)), List.of(), 4, PROVEN, crashed);
        assertThat(names(verdict)).isEmpty();
        assertThat(cause(verdict)).startsWith("a trainer failed soon after the start (exit code 1); ");
        Pod pending = pending("trainer-1", "a", null, 500, false);
        assertThat(names(at(60, List.of(node("a", 4)), List.of(pending), 4, PROVEN, crashed, waiting)))
                .as("one is on trial")
                .isEmpty();
    }

    @Test
    void when_its_container_started_is_read_from_its_pod() {
        Job failed = new Job(
                "trainer-0",
                "torch",
                "now",
                new Hold(NOW.minusSeconds(300), false, null),
                null,
                new End(false, false, NOW, "exit code 1"));
        Pod pod = new Pod(
                "trainer-0-x7k2p",
                "a",
                Phase.OVER,
                gpus(1),
                "trainer-0",
                "torch",
                null,
                new Course(null, false, NOW.minusSeconds(200), null));

        Job known = failed.knowing(List.of(pod), Map.of());
        assertThat(known.startedAt()).isEqualTo(NOW.minusSeconds(200));
        assertThat(names(decide(List.of(node("a", 1)), List.of(pod), 1, PROVEN, known)))
                .containsExactly("trainer-1");
    }

    /** A node died, and its pod was removed with it. */
    @Test
    void a_trainer_that_was_heard_and_went_with_its_node_did_not_fail() {
        Job failed = new Job(
                "trainer-0",
                "torch",
                "now",
                new Hold(NOW.minusSeconds(300), false, null),
                null,
                new End(false, false, NOW, "the pod is gone"));
        Sign heard = new Sign(NOW.minusSeconds(100), false, true, true);

        assertThat(failed.knowing(List.of(), Map.of("trainer-0-x7k2p", heard)).end())
                .isEqualTo(new End(true, false, NOW, "the pod is gone"));
        assertThat(failed.knowing(List.of(), Map.of())).isEqualTo(failed);
    }

    @Test
    void no_node_with_the_resource_names_the_setting_for_autoscalers() {
        Cluster nothing = cluster(List.of(), List.of());

        assertThat(cause(Scaling.decide(nothing, List.of(pool(2)), surging(0), PROVEN, NOW)))
                .isEqualTo("no node has nvidia.com/gpu; for a node autoscaler that adds one, set"
                        + " pnas.capacity.autoscaler");
        assertThat(names(Scaling.decide(nothing, List.of(pool(2)), surging(1), PROVEN, NOW)))
                .containsExactly("trainer-0");
    }

    @Test
    void patience_for_pulling_is_no_shorter_than_in_general() {
        assertThat(new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1)).pull())
                .isEqualTo(Duration.ofMinutes(1));
        assertThatThrownBy(() -> new Patience(Duration.ofMinutes(2), Duration.ofMinutes(1)))
                .hasMessage(
                        "the patience must be positive, and at least as long for pulling an image, got PT2M and PT1M");
    }

    @Test
    void others_take_nothing_from_what_lost_trainers_leave_on_other_nodes() {
        List<Pod> pods = List.of(own("trainer-0", "dead", Phase.RUNNING), other("x", "b", 1));

        assertThat(names(decide(List.of(DEAD, node("b", 1)), pods, 1, PROVEN, job("trainer-0"))))
                .isEmpty();
        assertThat(cause(decide(List.of(DEAD, node("b", 1)), pods, 1, PROVEN, job("trainer-0"))))
                .isEqualTo("0 of 1 GPU is free on matching nodes; dead is not ready;"
                        + " 1 trainer does not count, the node dead is not ready");
    }

    private static Rules surging(int surge) {
        return new Rules("nvidia.com/gpu", OptionalInt.empty(), surge, 1, Patience.USUAL);
    }

    private static Experience proven() {
        Experience experience = new Experience();
        experience.addProven(Set.of(MADE.revision()));
        return experience;
    }

    private static Knowledge knowing(Experience experience) {
        return new Knowledge(Set.of(), Map.of(), experience);
    }

    private static Knowledge hearing(String pod, Sign sign) {
        return new Knowledge(Set.of(), Map.of(pod, sign), new Experience());
    }

    private static Pod running(String job, Course course) {
        return new Pod(job + "-pod", "a", Phase.RUNNING, gpus(1), job, "torch", null, course);
    }

    private static Pod pending(String job, String node, @Nullable String trouble, int boundSecondsAgo, boolean pulls) {
        return new Pod(
                job + "-pod",
                node,
                Phase.PENDING,
                gpus(1),
                job,
                "torch",
                trouble,
                new Course(NOW.minusSeconds(boundSecondsAgo), pulls, null, null));
    }

    private static Cluster cluster(List<Node> nodes, List<Pod> pods, Job... jobs) {
        return new Cluster(Optional.of(nodes), pods, List.of(), List.of(jobs));
    }

    private static Verdict decide(List<Node> nodes, List<Pod> pods, long trainings, Knowledge knowledge, Job... jobs) {
        return at(0, nodes, pods, trainings, knowledge, jobs);
    }

    private static Verdict at(
            int seconds, List<Node> nodes, List<Pod> pods, long trainings, Knowledge knowledge, Job... jobs) {
        return Scaling.decide(
                cluster(nodes, pods, jobs), List.of(pool(trainings)), surging(0), knowledge, NOW.plusSeconds(seconds));
    }

    private static List<String> names(Verdict verdict) {
        return verdict.create().stream().map(Creation::name).toList();
    }

    private static List<String> deleted(Verdict verdict) {
        return verdict.delete().stream().map(Deletion::name).toList();
    }

    private static @Nullable String cause(Verdict verdict) {
        return verdict.pools().getFirst().cause();
    }
}
