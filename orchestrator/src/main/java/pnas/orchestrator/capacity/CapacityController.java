package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.message.Topics;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Loop;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.trial.Demand;
import pnas.orchestrator.worker.Workers;

/** Has as many trainers started as there are trainings and places for them, where that is this service's part. */
@ApplicationScoped
class CapacityController {
    private static final Logger LOG = Logger.getLogger(CapacityController.class);
    private static final Duration LEASE = Duration.ofSeconds(15);

    /** Many changes come together. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** How soon trainings are noticed that another orchestrator queued or ended. */
    private static final Duration OTHERS = Duration.ofSeconds(2);

    private static final int PERIODS_THAT_A_DECISION_HOLDS = 6;

    private final CapacityConfiguration config;
    private final Instance<KubernetesClient> clients;
    private final Demand demand;
    private final Workers workers;
    private final CapacityReports reports;
    private final Events events;
    private final Signals signals;
    private final Clock clock = Clock.systemUTC();
    private @Nullable Running running;

    /** The version of the events that was seen last, for the thread that watches alone. */
    private @Nullable Object noticed;

    /** What there is while trainers are started. */
    private record Running(Loop loop, Loop watch, KubernetesTrainers trainers, Leadership leadership) {}

    CapacityController(
            CapacityConfiguration config,
            Instance<KubernetesClient> clients,
            Demand demand,
            Workers workers,
            CapacityReports reports,
            Events events,
            Signals signals) {
        this.config = config;
        this.clients = clients;
        this.demand = demand;
        this.workers = workers;
        this.reports = reports;
        this.events = events;
        this.signals = signals;
    }

    void start(@Observes StartupEvent event) {
        if (config.mode().equals("kubernetes")) {
            // Asked for here only: elsewhere there is no cluster, and no client that looks for one.
            KubernetesClient client = clients.get();
            String namespace =
                    config.namespace().orElseGet(() -> Objects.requireNonNullElse(client.getNamespace(), "default"));
            Runnable wake = () -> signals.raise(Signal.CAPACITY);
            KubernetesTrainers trainers = new KubernetesTrainers(client, namespace, rules(), wake);
            Leadership leadership = new Leadership(client, namespace, "orchestrator-" + UUID.randomUUID(), LEASE, wake);
            Loop loop = Loop.start(
                    "capacity", signals, Signal.CAPACITY, config.period(), PAUSE, () -> decide(trainers, leadership));
            Loop watch =
                    Loop.start("capacity-watch", signals, Signal.EVENTS, OTHERS, PAUSE, () -> notice(leadership, wake));
            running = new Running(loop, watch, trainers, leadership);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (running != null) {
            running.watch().close();
            running.loop().close();
            running.trainers().close();
            running.leadership().close();
        }
    }

    private Rules rules() {
        return new Rules(
                config.resource(),
                config.maximum().map(OptionalInt::of).orElseGet(OptionalInt::empty),
                config.surge(),
                config.slotsPerResource());
    }

    /** Whatever queues trainings or ends them appends an event. */
    private void notice(Leadership leadership, Runnable wake) {
        if (leadership.leads()) {
            Object version = events.version();
            if (!version.equals(noticed)) {
                noticed = version;
                wake.run();
            }
        }
    }

    private void decide(KubernetesTrainers trainers, Leadership leadership) {
        Duration holds = config.period().multipliedBy(PERIODS_THAT_A_DECISION_HOLDS);
        leadership.stand();
        if (!leadership.leads()) {
            return;
        }
        List<String> engines = Topics.ENGINES;
        try {
            // Read each time: a mounted file changes while this runs.
            List<JobTemplate> templates = JobTemplate.read(Path.of(config.jobTemplate()), config.resource());
            engines = templates.stream().map(JobTemplate::engine).toList();
            trainers.round(templates, demand.trainings(), demand.busyWorkers(), workers.farewells(), clock.instant())
                    .ifPresent(verdict -> reports.keep(verdict.pools(), holds));
        } catch (PnasException e) {
            LOG.error(String.valueOf(e.getMessage()));
            reports.keepTrouble(engines, String.valueOf(e.getMessage()), holds);
        } catch (KubernetesClientException e) {
            LOG.errorf("trainers can be neither counted nor started: %s", e.getMessage());
            reports.keepTrouble(engines, "Kubernetes refuses or does not answer: " + e.getMessage(), holds);
        }
    }
}
