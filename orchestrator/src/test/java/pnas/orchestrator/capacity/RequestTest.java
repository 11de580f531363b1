package pnas.orchestrator.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a pod takes is what the scheduler counts. */
class RequestTest {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** Expected in thousandths; the pods have the resource {@code r}, those with {@code cpu} the resource of that name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            r   | 1000 | containers: [{resources: {limits: {r: 1}}}]
            r   | 1000 | containers: [{resources: {limits: {r: 2}, requests: {r: 1}}}]
            r   | 3000 | containers: [{resources: {limits: {r: 1}}}, {resources: {limits: {r: 2}}}]
            r   | 5000 | {containers: [{resources: {limits: {r: 1}}}], initContainers: [{resources: {limits: {r: 5}}}]}
            r   | 2000 | {containers: [{resources: {limits: {r: 1}}}], initContainers: [{restartPolicy: Always, resources: {limits: {r: 1}}}]}
            r   | 4000 | {containers: [{resources: {limits: {r: 1}}}], initContainers: [{restartPolicy: Always, resources: {limits: {r: 1}}}, {resources: {limits: {r: 3}}}]}
            r   | 3000 | {containers: [{resources: {limits: {r: 1}}}], initContainers: [{resources: {limits: {r: 3}}}, {restartPolicy: Always, resources: {limits: {r: 1}}}]}
            r   | 1500 | {containers: [{resources: {limits: {r: 1}}}], overhead: {r: 500m}}
            r   | 1000 | {containers: [{resources: {limits: {r: 1}}}], resources: {requests: {r: 7}}}
            cpu | 7000 | {containers: [{resources: {requests: {cpu: 1}}}], resources: {requests: {cpu: 7}}}
            cpu | 1000 | {containers: [{resources: {requests: {cpu: 1}}}], resources: {limits: {cpu: 7}}}
            cpu | 7250 | {containers: [{}], resources: {limits: {cpu: 7}}, overhead: {cpu: 250m}}
            """)
    void counts_a_pod_as_the_scheduler_does(String resource, long expected, String spec) {
        assertThat(ClusterReading.request(YAML.unmarshal("# a pod\n" + spec, PodSpec.class), resource))
                .isEqualTo(expected);
    }

    /** What all containers that run at a moment request together, at the most, moment by moment. */
    @Test
    void counts_the_most_that_runs_at_once() {
        for (int seed = 0; seed < 2000; seed++) {
            RandomGenerator random = new SplittableRandom(seed);
            PodSpecBuilder pod = new PodSpecBuilder();
            List<Long> beside = new ArrayList<>();
            long most = 0;
            for (int each = random.nextInt(5); each > 0; each--) {
                long amount = random.nextInt(4);
                boolean goesOn = random.nextBoolean();
                pod.addToInitContainers(new ContainerBuilder()
                        .withRestartPolicy(goesOn ? "Always" : null)
                        .withNewResources()
                        .addToRequests("r", new Quantity(Long.toString(amount)))
                        .endResources()
                        .build());
                most = Math.max(most, sum(beside) + amount);
                if (goesOn) {
                    beside.add(amount);
                }
            }
            List<Long> running = new ArrayList<>(beside);
            for (int each = random.nextInt(4); each > 0; each--) {
                long amount = random.nextInt(4);
                pod.addToContainers(new ContainerBuilder()
                        .withNewResources()
                        .addToRequests("r", new Quantity(Long.toString(amount)))
                        .endResources()
                        .build());
                running.add(amount);
            }
            assertThat(ClusterReading.request(pod.build(), "r"))
                    .as("seed %d", seed)
                    .isEqualTo(Math.max(most, sum(running)) * Wording.ONE);
        }
    }

    private static long sum(List<Long> amounts) {
        return amounts.stream().mapToLong(Long::longValue).sum();
    }
}
