package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static pnas.orchestrator.peer.Wait.await;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pnas.failure.PnasException;
import pnas.orchestrator.capacity.ExpectedTrainers.Expected;
import pnas.orchestrator.capacity.TrainerSupply.Need;
import pnas.orchestrator.trainer.Sign;
import pnas.testing.Relay;

/** Trainers in an API server; job controller, scheduler and kubelets are played by the test. */
class KubernetesTrainersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Rules RULES = new Rules("nvidia.com/gpu", OptionalInt.empty(), 0, 1, Rules.Patience.USUAL);
    static final String TEMPLATE = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: pnas-trainer
              labels: {app: trainer}
            spec:
              backoffLimit: 6
              template:
                metadata:
                  labels: {app: trainer}
                spec:
                  restartPolicy: OnFailure
                  containers:
                    - name: trainer
                      image: pnas/trainer-torch:1
                      resources:
                        limits: {nvidia.com/gpu: "1"}
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final SmallCluster cluster = new SmallCluster();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final Map<String, Sign> signs = new ConcurrentHashMap<>();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init")
    private KubernetesTrainers trainers;

    @BeforeEach
    void start() {
        trainers = trainers(cluster.client());
    }

    @AfterEach
    void stop() {
        trainers.close();
        cluster.close();
    }

    @Test
    void creates_a_job_for_each_free_gpu() {
        // News of nodes and of pods come apart. The other pod is known before its node is, since the pods that are
        // waited for here came after it.
        cluster.other("x", "a", 1);
        prove();
        cluster.node("a", 2);
        cluster.node("b", 1);

        await().atMost(PATIENCE).untilAsserted(() -> {
            Verdict verdict = round(10);
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1");
            assertThat(verdict.pools().getFirst().cause()).isEqualTo("2 trainers start");
        });
    }

    @Test
    void sets_what_it_relies_on_whatever_the_template_says() {
        cluster.node("a", 1);
        round(1);

        Job job = cluster.job("pnas-trainer-0");
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(600);
        assertThat(job.getMetadata().getLabels())
                .containsEntry("app", "trainer")
                .containsEntry("pnas.engine", "torch");
        assertThat(job.getSpec().getTemplate().getSpec().getRestartPolicy()).isEqualTo("Never");
        assertThat(job.getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry("karpenter.sh/do-not-disrupt", "true")
                .containsEntry("cluster-autoscaler.kubernetes.io/safe-to-evict", "false");
        List<EnvVar> variables =
                job.getSpec().getTemplate().getSpec().getContainers().getFirst().getEnv();
        assertThat(variables).extracting(EnvVar::getName).contains("PNAS_TRAINER_WORKER", "PNAS_TRAINER_IDLE_EXIT");
    }

    @Test
    void adopts_jobs_that_are_there_after_a_restart() {
        cluster.node("a", 3);
        round(1);
        cluster.run("pnas-trainer-0", "a");
        hear("pnas-trainer-0");
        await().atMost(PATIENCE).untilAsserted(() -> {
            round(2);
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1");
        });
        trainers.close();

        trainers = trainers(cluster.client());
        round(2);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1");
        round(3);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1", "pnas-trainer-2");
    }

    @Test
    void two_that_decide_at_once_create_nothing_twice() {
        cluster.node("a", 2);
        try (KubernetesTrainers other = trainers(cluster.client())) {
            // Both know the empty cluster before either of them creates anything.
            round(0);
            await().atMost(PATIENCE).until(() -> decide(other, 0) != null);
            round(2);
            decide(other, 2);
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        }
    }

    @Test
    void a_job_of_somebody_else_that_has_the_name_is_passed_by_in_time() {
        cluster.node("a", 1);
        cluster.client()
                .resource(new JobBuilder()
                        .withNewMetadata()
                        .withName("pnas-trainer-0")
                        .withNamespace(SmallCluster.NAMESPACE)
                        .endMetadata()
                        .build())
                .create();

        round(1);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        now = now.plus(Unseen.PATIENCE).plusSeconds(1);
        round(1);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1");
    }

    @Test
    void tries_again_what_met_another_change() {
        cluster.node("a", 1);
        cluster.refuseNextJob();

        assertThat(round(1).create()).hasSize(1);
        assertThat(cluster.jobs()).isEmpty();
        round(1);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
    }

    @Test
    void deletes_a_job_that_waits_and_is_not_needed_any_more() {
        prove();
        cluster.node("a", 2);
        await().atMost(PATIENCE)
                .until(() -> round(2).create().isEmpty() && cluster.jobs().size() == 2);
        cluster.run("pnas-trainer-0", "a");

        await().atMost(PATIENCE).untilAsserted(() -> {
            round(0);
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        });
    }

    @Test
    void makes_up_for_a_job_that_somebody_deleted_and_for_a_node_that_was_cordoned() {
        cluster.node("a", 1);
        round(1);
        cluster.client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(SmallCluster.NAMESPACE)
                .withName("pnas-trainer-0")
                .delete();
        now = now.plus(Unseen.PATIENCE).plusSeconds(1);
        await().atMost(PATIENCE).untilAsserted(() -> {
            round(1);
            assertThat(cluster.jobs()).hasSize(1);
        });

        cluster.cordon("a");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(round(1).pools().getFirst().cause())
                    .isEqualTo("the only node with nvidia.com/gpu takes no trainers: a is cordoned");
            assertThat(cluster.jobs()).isEmpty();
        });
    }

    @Test
    void goes_on_when_its_watches_were_cut() {
        cluster.node("a", 1);
        try (Relay relay = new Relay(cluster.port());
                KubernetesClient client = through(relay);
                KubernetesTrainers behind = trainers(client)) {
            hasStartedOne(behind);
            cluster.run("pnas-trainer-0", "a");
            hear("pnas-trainer-0");
            assertThat(relay.cut()).isPositive();
            cluster.node("b", 2);

            await().atMost(PATIENCE).untilAsserted(() -> {
                decide(behind, 3);
                assertThat(cluster.jobs()).hasSize(3);
            });
        }
    }

    @Test
    void without_the_right_to_read_nodes_the_quota_decides() {
        cluster.node("a", 9);
        cluster.forbid("/api/v1/nodes");
        cluster.forbid("/api/v1/pods");
        cluster.client()
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("gpus")
                        .withNamespace(SmallCluster.NAMESPACE)
                        .endMetadata()
                        .withNewStatus()
                        .addToHard("requests.nvidia.com/gpu", new Quantity("3"))
                        .addToUsed("requests.nvidia.com/gpu", new Quantity("1"))
                        .endStatus()
                        .build())
                .create();

        round(5);
        cluster.run("pnas-trainer-0", "a");
        hear("pnas-trainer-0");
        // The quota still counts it among what is free.
        await().atMost(PATIENCE).untilAsserted(() -> {
            round(5);
            assertThat(cluster.jobs()).hasSize(3);
        });
    }

    @Test
    void does_nothing_where_it_cannot_tell_who_trains() {
        cluster.node("a", 1);
        cluster.forbid("/api/v1/pods");
        cluster.forbid("/api/v1/namespaces/pnas/pods");

        assertThatThrownBy(() -> decide(trainers, 1)).isInstanceOf(KubernetesClientException.class);
        assertThat(cluster.jobs()).isEmpty();
    }

    /** The manifests for processors and for GPUs. */
    @ParameterizedTest
    @CsvSource({
        "base/trainer-job.yaml, cpu, vector, false",
        "overlays/gpu/trainer-job.yaml, nvidia.com/gpu, torch, true"
    })
    void trainers_of_a_template_are_expected_before_there_are_any(
            String manifest, String resource, String engine, boolean onDevices) {
        List<JobTemplate> templates = JobTemplate.read(Path.of("../k8s").resolve(manifest), resource);

        assertThat(Expected.of(templates, resource)).isEqualTo(new Expected(Set.of(engine), onDevices));
    }

    @Test
    void says_what_is_wrong_with_a_template() {
        assertThatThrownBy(() -> JobTemplate.read(folder.resolve("none.yaml"), "nvidia.com/gpu"))
                .isInstanceOf(PnasException.class)
                .hasMessageContaining("none.yaml: there is no such file");
        assertThatThrownBy(() -> JobTemplate.read(folder, "nvidia.com/gpu"))
                .hasMessage("pnas.capacity.job-template: the file " + folder + ": is a folder, expected a file");
        assertThatThrownBy(() -> templates("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> templates("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"))
                .hasMessageContaining("holds something else than a batch/v1 Job");
        assertThatThrownBy(() -> templates("# nothing\n")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> templates(TEMPLATE.replace("nvidia.com/gpu", "amd.com/gpu")))
                .hasMessageContaining("requests nvidia.com/gpu, which pnas.capacity.resource names");
        assertThatThrownBy(() -> templates(TEMPLATE.replace("app: trainer", "pnas.engine: keras")))
                .hasMessageContaining("must be one of [torch, vector, dl4j, replay], got keras");
        assertThatThrownBy(() -> templates(TEMPLATE + "---\n" + TEMPLATE)).hasMessageContaining("the same engine");
        assertThat(templates(TEMPLATE + "---\n" + TEMPLATE.replace("app: trainer", "pnas.engine: dl4j")))
                .extracting(JobTemplate::engine)
                .containsExactly("torch", "dl4j");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: pnas-trainer | nome: x | metadata.name is missing",
                "containers: | contaners: | spec.template.spec.containers is missing",
                "nvidia.com/gpu: \"1\" | nvidia.com/gpu: one"
                        + " | spec.template.spec.containers[0].resources.limits.nvidia.com/gpu must be a quantity such as 2, 500m or 4Gi, got one",
                "nvidia.com/gpu: \"1\" | nvidia.com/gpu: -1"
                        + " | spec.template.spec.containers[0].resources.limits.nvidia.com/gpu must be a quantity such as 2, 500m or 4Gi, got -1",
                "backoffLimit: 6 | backoffLimit: six | spec.backoffLimit has another form than in a batch/v1 Job",
                "limits: {nvidia.com/gpu: \"1\"} | limits: 3"
                        + " | spec.template.spec.containers[0].resources.limits has another form than in a batch/v1 Job",
            })
    void a_refused_template_names_the_path_of_what_is_wrong(String text, String wrong, String message) {
        assertThat(TEMPLATE).contains(text);
        assertThatThrownBy(() -> templates(TEMPLATE.replace(text, wrong)))
                .isInstanceOf(PnasException.class)
                .hasMessage("pnas.capacity.job-template: the file " + folder.resolve("job.yaml") + ": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "1 | 26 | the cluster has Kubernetes 1.26, and this needs 1.27 or later",
                "1 | 9+ | the cluster has Kubernetes 1.9, and this needs 1.27 or later",
                "1 | 27 | null",
                "1 | 36+ | null",
                "2 | 0 | null",
                "null | null | null",
            })
    void a_control_plane_that_is_too_old_is_told(
            @Nullable String major, @Nullable String minor, @Nullable String words) {
        assertThat(ClusterReading.age(major, minor)).isEqualTo(Optional.ofNullable(words));
    }

    /** Two installations in one cluster: to each the trainers of the other are pods like any. */
    @Test
    void two_installations_share_the_gpus_and_touch_nothing_of_each_other() {
        cluster.node("a", 2);
        try (KubernetesTrainers second =
                new KubernetesTrainers(cluster.client(), "second", RULES, leads::get, () -> {})) {
            round(5);
            cluster.run("pnas-trainer-0", "a");
            await().atMost(PATIENCE).untilAsserted(() -> {
                // One GPU is taken, by a trainer that is not its own.
                assertThat(standing(decide(second, 5)))
                        .extracting(Verdict.Standing::desired, Verdict.Standing::bound)
                        .containsExactly(1L, 0L);
            });
            assertThat(cluster.jobsIn("second")).containsExactly("pnas-trainer-0");

            await().atMost(PATIENCE).untilAsserted(() -> {
                decide(second, 0);
                assertThat(cluster.jobsIn("second")).isEmpty();
            });
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        }
    }

    @Test
    void who_rests_watches_nothing_any_more() {
        cluster.node("a", 1);
        try (Relay relay = new Relay(cluster.port());
                KubernetesClient client = through(relay);
                KubernetesTrainers resting = trainers(client);
                KubernetesTrainers working = new KubernetesTrainers(client, "second", RULES, leads::get, () -> {})) {
            await().atMost(PATIENCE).until(() -> decide(resting, 0) != null);
            await().atMost(PATIENCE).until(() -> decide(working, 0) != null);
            assertThat(cluster.asked()).anyMatch(path -> path.contains("/namespaces/pnas/jobs?"));

            resting.rest();
            cluster.asked().clear();
            // A watch that is still there asks anew.
            assertThat(relay.cut()).isPositive();
            cluster.node("b", 1);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(standing(decide(working, 5)).desired()).isEqualTo(2);
            });
            assertThat(cluster.asked())
                    .anyMatch(path -> path.contains("/namespaces/second/jobs?"))
                    .noneMatch(path -> path.contains("/namespaces/pnas/jobs?"));
        }
    }

    @Test
    void what_a_container_leaves_behind_is_read() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("trainer-0-x7k2p")
                .withNamespace(SmallCluster.NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withPhase("Failed")
                .addNewContainerStatus()
                .withNewState()
                .withNewTerminated()
                .withExitCode(1)
                .withMessage("no CUDA driver")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();

        assertThat(ClusterReading.pod(pod, "nvidia.com/gpu", SmallCluster.NAMESPACE)
                        .trouble())
                .isEqualTo("no CUDA driver");
    }

    @Test
    void one_trainer_of_a_new_template_starts_first_and_the_others_once_it_is_heard() {
        cluster.node("a", 3);
        assertThat(round(5).pools().getFirst().cause()).isEqualTo("1 trainer starts, and 2 more once it is heard");
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        cluster.run("pnas-trainer-0", "a");
        await().atMost(PATIENCE).until(() -> round(5).pools().getFirst().bound() == 1);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");

        hear("pnas-trainer-0");
        round(5);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1", "pnas-trainer-2");
    }

    @Test
    void a_successor_starts_where_a_node_died_though_its_pod_is_shown_as_running() {
        cluster.node("a", 1);
        cluster.node("b", 1);
        cluster.other("x", "b", 1);
        round(1);
        cluster.run("pnas-trainer-0", "a");
        hear("pnas-trainer-0");
        cluster.client().pods().inNamespace("others").withName("x").delete();
        await().atMost(PATIENCE).until(() -> round(1).pools().getFirst().bound() == 1);
        assertThat(cluster.jobs()).hasSize(1);

        cluster.die("a");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(round(1).pools().getFirst().cause())
                    .isEqualTo("1 trainer starts; 1 trainer does not count, the node a is not ready");
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0", "pnas-trainer-1");
        });
    }

    @Test
    void a_job_without_a_pod_is_made_anew_ever_more_seldom_and_says_what_the_event_says() {
        cluster.node("a", 2);
        round(2);
        cluster.warn("pnas-trainer-0", "Error creating: pods \"x\" is forbidden:\n exceeded quota: cpus");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(round(2).pools().getFirst().cause())
                    .isEqualTo("a trainer got no pod (Error creating: pods \"x\" is forbidden: exceeded quota: cpus);"
                            + " the next one is started at " + Wording.second(now.plusSeconds(10)));
            assertThat(cluster.jobs()).isEmpty();
        });
        now = now.plusSeconds(11);
        await().atMost(PATIENCE).untilAsserted(() -> {
            round(2);
            assertThat(cluster.jobs()).hasSize(1);
        });
    }

    @Test
    void a_job_that_is_refused_is_told_in_the_words_of_the_cluster_and_tried_again_later() {
        cluster.node("a", 2);
        cluster.denyNextJob("admission webhook 'policy' denied the request");

        Verdict verdict = round(2);
        assertThat(cluster.jobs()).isEmpty();
        assertThat(verdict.pools().getFirst().cause())
                .isEqualTo("a trainer was refused by the cluster (admission webhook 'policy' denied the request);"
                        + " the next one is started at 12:00:10 UTC");
        now = now.plusSeconds(9);
        assertThat(round(2).create()).isEmpty();
        now = now.plusSeconds(1);
        round(2);
        assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
    }

    @Test
    void a_trainer_of_an_older_template_that_has_not_started_is_replaced() {
        cluster.node("a", 1);
        round(1);
        cluster.place("pnas-trainer-0", "a", "Pending");

        String mended = TEMPLATE.replace("trainer-torch:1", "trainer-torch:2");
        await().atMost(PATIENCE).untilAsserted(() -> {
            trainers.round(templates(mended), new Wanted(Map.of("torch", 1L), Set.of(), signs), now);
            // Nobody collects the garbage of this cluster.
            if (cluster.jobs().isEmpty()) {
                cluster.client().pods().inNamespace(SmallCluster.NAMESPACE).delete();
            }
            assertThat(cluster.jobs()).isNotEmpty();
            assertThat(cluster.job(cluster.jobs().getFirst())
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getImage())
                    .isEqualTo("pnas/trainer-torch:2");
        });
    }

    /** What a watch shows is a little old. */
    @Test
    void a_trainer_that_has_started_meanwhile_is_not_deleted() {
        cluster.node("a", 1);
        try (Relay relay = new Relay(cluster.port());
                KubernetesClient client = through(relay);
                KubernetesTrainers behind = trainers(client)) {
            hasStartedOne(behind);
            await().atMost(PATIENCE)
                    .until(() ->
                            Objects.requireNonNull(decide(behind, 1)).create().isEmpty());
            // From now on its watches show the Job without a pod.
            cluster.forbid("/api/v1/pods");
            relay.cut();
            cluster.run("pnas-trainer-0", "a");

            assertThat(Objects.requireNonNull(decide(behind, 0)).delete()).hasSize(1);
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");
        }
    }

    @Test
    void without_news_nothing_is_created_or_deleted_until_the_rights_are_back() {
        cluster.node("a", 1);
        try (Relay relay = new Relay(cluster.port());
                KubernetesClient client = through(relay);
                KubernetesTrainers behind = trainers(client)) {
            hasStartedOne(behind);
            cluster.forbid("/api/v1/nodes");
            relay.cut();
            cluster.node("b", 5);
            Instant lastNews = lastNews(behind);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> decide(behind, 0))
                                    .isInstanceOf(NoNewsException.class)
                                    .hasMessage(
                                            "nothing has been heard of the cluster's objects since "
                                                    + Wording.second(lastNews)
                                                    + " (nodes is forbidden: no rights); until it is, no trainer is started or deleted"));
            assertThat(cluster.jobs()).containsExactly("pnas-trainer-0");

            cluster.permitAll();
            now = now.plus(ClusterWatch.NEWS).plusSeconds(1);
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(NoNewsException.class)
                    .untilAsserted(() -> {
                        assertThat(decide(behind, 0)).isNotNull();
                        assertThat(cluster.jobs()).isEmpty();
                    });
        }
    }

    @Test
    void who_leads_no_more_in_the_middle_of_a_round_changes_nothing() {
        cluster.node("a", 1);
        leads.set(false);
        assertThat(round(1).create()).hasSize(1);
        assertThat(cluster.jobs()).isEmpty();

        leads.set(true);
        round(1);
        leads.set(false);
        await().atMost(PATIENCE).until(() -> !round(0).delete().isEmpty());
        assertThat(cluster.jobs()).hasSize(1);
    }

    @Test
    void nodes_count_from_when_they_may_be_read() {
        cluster.node("a", 1);
        cluster.forbid("/api/v1/nodes");
        assertThat(round(1).pools().getFirst().cause()).startsWith("neither nodes nor a ResourceQuota");

        cluster.permitAll();
        assertThat(round(1).create()).isEmpty();
        now = now.plus(ClusterWatch.RIGHTS).plusSeconds(1);
        round(1);
        assertThat(cluster.jobs()).hasSize(1);
    }

    /** Lets time pass until there are no news any more: a client notices a little later that its watches were cut, and until then it knows all. */
    private Instant lastNews(KubernetesTrainers cutOff) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            Instant then = now;
                            now = now.plus(ClusterWatch.NEWS).plusSeconds(1);
                            try {
                                var _ = decide(cutOff, 1);
                                return null;
                            } catch (NoNewsException e) {
                                return then;
                            }
                        },
                        Objects::nonNull);
    }

    private void hasStartedOne(KubernetesTrainers trainers) {
        await().atMost(PATIENCE)
                .until(() -> decide(trainers, 1) != null && cluster.jobs().size() == 1);
    }

    private KubernetesClient through(Relay relay) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(cluster.client().getConfiguration())
                        .withMasterUrl(cluster.url().replace(":" + cluster.port(), ":" + relay.port()))
                        .withNamespace(SmallCluster.NAMESPACE)
                        .withWatchReconnectInterval(100)
                        .build())
                .build();
    }

    /** A leader believes that it leads for no longer than its lease, though nobody tells it otherwise. */
    @Test
    void a_leader_that_cannot_renew_its_lease_leads_no_longer_than_that() {
        Duration lease = Duration.ofSeconds(20);
        AtomicLong nanoseconds = new AtomicLong();
        try (Leadership leader =
                new Leadership(cluster.client(), SmallCluster.NAMESPACE, "first", lease, nanoseconds::get, () -> {})) {
            await().atMost(PATIENCE).until(() -> leads(leader));
            cluster.forbid("/apis/coordination.k8s.io/v1/namespaces/pnas/leases/pnas-capacity");
            nanoseconds.addAndGet(lease.minusMillis(1).toNanos());
            assertThat(leader.leads()).isTrue();
            nanoseconds.addAndGet(Duration.ofMillis(1).toNanos());
            assertThat(leader.leads()).isFalse();
        }
    }

    @Test
    void one_of_two_leads_and_the_other_follows_it() {
        Duration lease = Duration.ofSeconds(2);
        Leadership first =
                new Leadership(cluster.client(), SmallCluster.NAMESPACE, "first", lease, System::nanoTime, () -> {});
        try (Leadership second =
                new Leadership(cluster.client(), SmallCluster.NAMESPACE, "second", lease, System::nanoTime, () -> {})) {
            await().atMost(PATIENCE).until(() -> leads(first));
            assertThat(leads(second)).isFalse();

            first.close();
            await().atMost(PATIENCE).until(() -> leads(second));
            assertThat(first.leads()).isFalse();
        }
    }

    private static boolean leads(Leadership candidate) {
        candidate.stand();
        return candidate.leads();
    }

    private KubernetesTrainers trainers(KubernetesClient client) {
        return new KubernetesTrainers(client, SmallCluster.NAMESPACE, RULES, leads::get, () -> {});
    }

    private List<JobTemplate> templates(String text) {
        try {
            return JobTemplate.read(Files.writeString(folder.resolve("job.yaml"), text), "nvidia.com/gpu");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Wanted(Map<String, Long> trainings, Set<String> busy, Map<String, Sign> signs) implements Need {}

    /** So many trainings, of which no trainer has been heard yet. */
    static Need wanting(long trainings) {
        return new Wanted(Map.of("torch", trainings), Set.of(), Map.of());
    }

    /** A trainer says that it is there and can train. */
    private void hear(String job) {
        signs.put(SmallCluster.podOf(job), new Sign(now, false, true, false));
    }

    /** The template is proven by a trainer that ran on a node, was heard, and left. */
    private void prove() {
        cluster.node("first", 1);
        round(1);
        cluster.run("pnas-trainer-0", "first");
        hear("pnas-trainer-0");
        await().atMost(PATIENCE)
                .until(() -> Objects.equals(round(1).pools().getFirst().cause(), null));
        cluster.client().nodes().withName("first").delete();
        cluster.client().pods().inNamespace(SmallCluster.NAMESPACE).delete();
        cluster.client().batch().v1().jobs().inNamespace(SmallCluster.NAMESPACE).delete();
        now = now.plus(Unseen.PATIENCE).plusSeconds(1);
        await().atMost(PATIENCE).until(() -> round(1).pools().getFirst().desired() == 0);
    }

    /** A round once the cluster is known. */
    private Verdict round(long trainings) {
        return await().atMost(PATIENCE).until(() -> decide(trainers, trainings), verdict -> verdict != null);
    }

    private static Verdict.Standing standing(@Nullable Verdict verdict) {
        assertThat(verdict).as("what is decided once the cluster is known").isNotNull();
        return Objects.requireNonNull(verdict).pools().getFirst();
    }

    private @Nullable Verdict decide(KubernetesTrainers which, long trainings) {
        return which.round(templates(TEMPLATE), new Wanted(Map.of("torch", trainings), Set.of(), signs), now)
                .orElse(null);
    }
}
