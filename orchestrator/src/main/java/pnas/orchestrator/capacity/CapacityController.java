package pnas.orchestrator.capacity;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.capacity.TrainerSupply.Need;
import pnas.orchestrator.capacity.Verdict.Standing;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Loops;
import pnas.orchestrator.live.Signal;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.trainer.Sign;
import pnas.orchestrator.trainer.Signs;
import pnas.orchestrator.trainer.Trainers;
import pnas.orchestrator.trial.Demand;
import pnas.orchestrator.trial.Trials;

/** Has as many trainers started as there are trainings and places for them, by the supply of this platform. */
@ApplicationScoped
class CapacityController {
    private static final Logger LOG = Logger.getLogger(CapacityController.class);

    /** Many changes come together. */
    private static final Duration REST = Duration.ofMillis(500);

    /** How soon trainings are noticed that another orchestrator queued or ended. */
    private static final Duration OTHERS = Duration.ofSeconds(2);

    private static final int PERIODS_THAT_A_DECISION_HOLDS = 6;

    private final CapacityConfiguration config;
    private final Instance<KubernetesClient> clients;
    private final Demand demand;
    private final Trials trials;
    private final Trainers trainers;
    private final Signs signs;
    private final CapacityReports reports;
    private final CapacityHealth health;
    private final Events events;
    private final Signals signals;
    private final Loops loops;
    private final Clock clock = Clock.systemUTC();
    private @Nullable TrainerSupply supply;

    /** The version of the events that was seen last, for the thread that watches alone. */
    private @Nullable Object noticed;

    /** What was decided last and is in the database, for the thread that decides alone. */
    private @Nullable Kept kept;

    private record Kept(List<Standing> standings, Instant until) {
        boolean say(List<Standing> others, Instant now) {
            return standings.equals(others) && now.isBefore(until);
        }
    }

    private final Need need = new Need() {
        @Override
        public Map<String, Long> trainings() {
            return demand.trainings();
        }

        @Override
        public Set<String> busy() {
            return trials.busyTrainers();
        }

        @Override
        public Map<String, Sign> signs() {
            return signs.current();
        }
    };

    CapacityController(
            CapacityConfiguration config,
            Instance<KubernetesClient> clients,
            Demand demand,
            Trials trials,
            Trainers trainers,
            Signs signs,
            CapacityReports reports,
            @Readiness CapacityHealth health,
            Events events,
            Signals signals,
            Loops loops) {
        this.config = config;
        this.clients = clients;
        this.demand = demand;
        this.trials = trials;
        this.trainers = trainers;
        this.signs = signs;
        this.reports = reports;
        this.health = health;
        this.events = events;
        this.signals = signals;
        this.loops = loops;
    }

    void start(@Observes StartupEvent event) {
        Runnable wake = () -> signals.raise(Signal.CAPACITY);
        TrainerSupply chosen = supply(wake);
        if (chosen != null) {
            supply = chosen;
            loops.start("capacity", Signal.CAPACITY, config.period(), REST, () -> decide(chosen));
            loops.start("capacity-watch", Signal.EVENTS, OTHERS, REST, () -> notice(chosen, wake));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        if (supply != null) {
            supply.close();
        }
    }

    /** Null where somebody else starts trainers. A client of a cluster is asked for where there is one, and only there. */
    private @Nullable TrainerSupply supply(Runnable wake) {
        return switch (config.mode()) {
            case "kubernetes" -> new KubernetesSupply(config, clients.get(), wake);
            case "local" -> new LocalSupply(config.local(), trainers::crew);
            default -> null;
        };
    }

    /** Whatever queues trainings or ends them appends an event. */
    private void notice(TrainerSupply supply, Runnable wake) {
        if (supply.decides()) {
            Object version = events.version();
            if (!version.equals(noticed)) {
                noticed = version;
                wake.run();
            }
        }
    }

    private void decide(TrainerSupply supply) {
        Duration holds = config.period().multipliedBy(PERIODS_THAT_A_DECISION_HOLDS);
        Instant now = clock.instant();
        try {
            Optional<List<Standing>> standings = supply.round(need, now);
            health.tell(null);
            if (standings.isEmpty()) {
                kept = null;
            } else if (kept == null || !kept.say(standings.get(), now)) {
                reports.keep(standings.get(), holds);
                kept = new Kept(standings.get(), now.plus(holds.dividedBy(2)));
            }
        } catch (SupplyException e) {
            kept = null;
            String message = String.valueOf(e.getMessage());
            // Each round finds the same: it is said when it begins and when it changes.
            if (health.tell(message)) {
                LOG.errorf("trainers can be neither counted nor started: %s", message);
            }
            reports.keepTrouble(e.engines(), message, holds);
        }
    }
}
