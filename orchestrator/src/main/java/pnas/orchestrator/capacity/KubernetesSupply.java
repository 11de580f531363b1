package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import pnas.engine.Engine;
import pnas.failure.PnasException;
import pnas.orchestrator.capacity.Verdict.Standing;

/** Trainers as Jobs of this service's cluster, made from a template; of several orchestrators the one decides that holds a Lease. */
final class KubernetesSupply implements TrainerSupply {
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final Path template;
    private final String resource;
    private final KubernetesTrainers trainers;
    private final Leadership leadership;

    /** Whether this process led in the last round. */
    private boolean led;

    /** @param wake called where something changed that the next decision depends on */
    KubernetesSupply(CapacityConfiguration config, KubernetesClient client, Runnable wake) {
        this.template = Path.of(config.jobTemplate());
        this.resource = config.resource();
        String namespace =
                config.namespace().orElseGet(() -> Objects.requireNonNullElse(client.getNamespace(), "default"));
        this.leadership = new Leadership(
                client,
                namespace,
                config.holder().orElseGet(() -> "orchestrator-" + UUID.randomUUID()),
                LEASE,
                System::nanoTime,
                wake);
        this.trainers = new KubernetesTrainers(client, namespace, rules(config), leadership::leads, wake);
    }

    private static Rules rules(CapacityConfiguration config) {
        return new Rules(
                config.resource(),
                config.maximum().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                config.autoscaler() ? Math.max(1, config.surge()) : config.surge(),
                config.slotsPerResource(),
                new Rules.Patience(config.startWithin(), config.pullWithin()));
    }

    @Override
    public boolean decides() {
        return leadership.leads();
    }

    @Override
    public Optional<List<Standing>> round(Need need, Instant now) {
        leadership.stand();
        if (!leadership.leads()) {
            if (led) {
                led = false;
                trainers.rest();
            }
            return Optional.empty();
        }
        led = true;
        List<JobTemplate> templates = templates();
        List<String> engines = templates.stream().map(JobTemplate::engine).toList();
        try {
            return trainers.round(templates, need, now).map(Verdict::pools);
        } catch (NoNewsException e) {
            throw new SupplyException(engines, String.valueOf(e.getMessage()), e);
        } catch (KubernetesClientException e) {
            throw new SupplyException(
                    engines, "Kubernetes refuses or does not answer: " + ClusterReading.refusal(e), e);
        }
    }

    /** Read each time: a mounted file changes while this runs. */
    private List<JobTemplate> templates() {
        try {
            return JobTemplate.read(template, resource);
        } catch (PnasException e) {
            throw new SupplyException(Engine.texts(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {
        trainers.close();
        leadership.close();
    }
}
