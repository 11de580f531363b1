package pnas.orchestrator.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.Startup;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.event.Event;
import pnas.orchestrator.experiment.Experiments;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Followers;
import pnas.orchestrator.live.KeptEvent;
import pnas.orchestrator.live.Signals;
import pnas.orchestrator.live.Watched;

/**
 * Sends what happens to clients, in order and as fast as each takes it: the next message is sent when the client has taken the one before, so that a slow
 * client costs one message of memory and no more, and one that takes nothing is dropped. So many are let in and no more. Safe for use by many threads.
 */
@Startup
@ApplicationScoped
public class EventStream {
    /** Stands for the event before the latest. */
    public static final long LATEST = -1;

    private static final Logger LOG = Logger.getLogger(EventStream.class);
    private static final int BATCH = 500;
    /** Proxies close a connection that is silent for a minute, some after half of that. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** When who was refused may ask again. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final Experiments experiments;
    private final Events events;
    private final Followers followers;
    private final StreamConfiguration limits;
    private final Caller caller;
    private final CurrentVertxRequest request;
    private final Counter refused;
    private final Counter dropped;
    /** Guarded by itself. */
    private final Set<Client> clients = new HashSet<>();

    private volatile boolean stopping;

    EventStream(
            Experiments experiments,
            Events events,
            StreamConfiguration limits,
            Caller caller,
            CurrentVertxRequest request,
            MeterRegistry metrics) {
        this.experiments = experiments;
        this.events = events;
        this.followers = events.followers();
        this.limits = limits;
        this.caller = caller;
        this.request = request;
        Gauge.builder("pnas_event_streams", this, EventStream::open)
                .description("Event streams that are open")
                .register(metrics);
        this.refused = Counter.builder("pnas_event_streams_refused_total")
                .description("Event streams that were refused since so many were open")
                .register(metrics);
        this.dropped = Counter.builder("pnas_event_streams_dropped_total")
                .description("Event streams that were ended since the client took nothing")
                .register(metrics);
    }

    private int open() {
        synchronized (clients) {
            return clients.size();
        }
    }

    /** Before the server waits for its open requests, of which streams are some. */
    void stop(@Observes ShutdownDelayInitiatedEvent shutdown) {
        stopping = true;
        synchronized (clients) {
            clients.forEach(client -> client.woken.release());
        }
    }

    /** Makes messages of events. */
    @FunctionalInterface
    public interface Translation {
        /**
         * The messages that tell of these events; there may be fewer of them.
         *
         * @param batch some events in their order, never none
         */
        List<OutboundSseEvent> messages(List<KeptEvent> batch);
    }

    /** Somebody who was let in, until this is closed. */
    public final class Client implements AutoCloseable {
        private final String name;
        private final RoutingContext context;
        private final SseEventSink sink;
        private final Sse sse;
        private final Semaphore woken = new Semaphore(0);
        private volatile boolean gone;
        private long sentAt = System.nanoTime();

        private Client(String name, RoutingContext context, SseEventSink sink, Sse sse) {
            this.name = name;
            this.context = context;
            this.sink = sink;
            this.sse = sse;
        }

        private boolean isThere() {
            return !gone && !stopping && !sink.isClosed();
        }

        private void send(OutboundSseEvent message) throws ExecutionException, TimeoutException, InterruptedException {
            try {
                sink.send(message).toCompletableFuture().get(limits.patience().toMillis(), TimeUnit.MILLISECONDS);
                sentAt = System.nanoTime();
            } catch (IllegalStateException closedMeanwhile) {
                throw new ExecutionException(closedMeanwhile);
            }
        }

        /** Waits until there may be something to send, and has the connection live meanwhile. */
        private void rest() throws ExecutionException, TimeoutException, InterruptedException {
            if (System.nanoTime() - sentAt > SILENCE.toNanos()) {
                send(sse.newEventBuilder().comment("still there").build());
            }
            if (woken.tryAcquire(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
                woken.drainPermits();
            }
        }

        /** What waits to be sent goes with the connection. */
        private void drop() {
            dropped.increment();
            LOG.infof("a client of %s took nothing for %s and is dropped", name, limits.patience());
            if (context.request().version() == HttpVersion.HTTP_2) {
                // Other streams of the client have the same connection.
                context.response().reset();
            } else {
                context.request().connection().close();
            }
        }

        /** Gives the place free. Its sender ends the stream, so that a client that is refused can still be answered. */
        @Override
        public void close() {
            synchronized (clients) {
                clients.remove(this);
            }
        }
    }

    /**
     * Lets the client of the present request in.
     *
     * @throws WebApplicationException with status 429 where all places are taken, or all that one caller may have
     */
    public Client admit(SseEventSink sink, Sse sse) {
        String key = caller.name();
        // The request's own: what was injected stands for whichever request its thread has.
        RoutingContext context = request.getCurrent();
        SocketAddress address = context.request().remoteAddress();
        String name = key == null ? String.valueOf(address == null ? null : address.hostAddress()) : "key " + key;
        Client client = new Client(name, context, sink, sse);
        String full = null;
        synchronized (clients) {
            long same = clients.stream().filter(each -> each.name.equals(name)).count();
            if (clients.size() >= limits.most()) {
                full = "all " + limits.most() + " event streams are taken (pnas.streams.most)";
            } else if (same >= limits.mostPerCaller()) {
                full = "this caller has all " + limits.mostPerCaller()
                        + " event streams that one may have (pnas.streams.most-per-caller)";
            } else {
                clients.add(client);
            }
        }
        if (full != null) {
            refused.increment();
            throw new WebApplicationException(Response.fromResponse(
                            ProblemDocument.of("too-many-streams", 429, full).response())
                    .header(HttpHeaders.RETRY_AFTER, RETRY.toSeconds())
                    .build());
        }
        client.context.addEndHandler(ended -> {
            client.gone = true;
            client.woken.release();
        });
        return client;
    }

    /**
     * Sends everything after an event that the client knows, until the client leaves, the server stops, or the experiment is over and all is sent.
     * Occupies the calling thread, which must be a virtual one.
     *
     * @param known id of the event that the client knows, 0 for none, {@link #LATEST} for the one before the latest
     * @param pause time between one batch and the next, in which events gather
     * @throws PnasException with {@link ErrorCode#NOT_FOUND}
     * @throws WebApplicationException with status 204, which tells a browser not to come again, where there will never be more to send
     */
    public void follow(Client client, String experimentId, long known, Duration pause, Translation translation) {
        boolean over =
                followers.ask(() -> experiments.head(experimentId)).state().isTerminal();
        // An id before the latest, so that there is something to send.
        long begin = known == LATEST ? followers.ask(() -> events.latest(experimentId)) - 1 : known;
        List<KeptEvent> past = past(experimentId, begin);
        if (over && past.isEmpty()) {
            throw new WebApplicationException(Response.noContent().build());
        }
        Progress progress = new Progress(client, pause, translation, begin, over);
        try (SseEventSink _ = client.sink) {
            while (client.isThere() && !past.isEmpty()) {
                progress.send(past);
                past = past.size() < BATCH ? List.of() : past(experimentId, progress.last);
            }
            if (!progress.over) {
                followOn(client, experimentId, progress);
            }
        } catch (ExecutionException e) {
            LOG.debugf(e, "a client that followed %s has left", experimentId);
        } catch (TimeoutException e) {
            client.drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<KeptEvent> past(String experimentId, long lastId) {
        return followers.ask(() -> events.after(experimentId, lastId, BATCH));
    }

    private void followOn(Client client, String experimentId, Progress progress)
            throws ExecutionException, TimeoutException, InterruptedException {
        try (Followers.Following following = followers.follow(experimentId, progress.last, client.woken::release)) {
            while (client.isThere()) {
                List<KeptEvent> batch = following.after(progress.last, BATCH);
                if (!batch.isEmpty()) {
                    progress.send(batch);
                } else if (progress.over) {
                    return;
                } else {
                    client.rest();
                }
            }
        }
    }

    /** How far a client is. For use by one thread. */
    private static final class Progress {
        private final Client client;
        private final Duration pause;
        private final Translation translation;
        private long last;
        private boolean over;

        private Progress(Client client, Duration pause, Translation translation, long last, boolean over) {
            this.client = client;
            this.pause = pause;
            this.translation = translation;
            this.last = last;
            this.over = over;
        }

        private void send(List<KeptEvent> batch) throws ExecutionException, TimeoutException, InterruptedException {
            for (OutboundSseEvent message : translation.messages(batch)) {
                client.send(message);
            }
            last = batch.getLast().id();
            for (KeptEvent kept : batch) {
                over = over(kept.event());
            }
            Thread.sleep(pause);
        }

        /** Whether the experiment is over after this event. One that is over may go on. */
        private boolean over(Event event) {
            return switch (event) {
                case Event.ExperimentCompleted _,
                        Event.ExperimentStopped _,
                        Event.ExperimentFailed _,
                        Event.ExperimentCancelled _ -> true;
                case Event.ExperimentExtended _, Event.ExperimentRetried _, Event.ExperimentResumed _ -> false;
                case Event.ExperimentCreated _,
                        Event.ExperimentPaused _,
                        Event.OfStage _,
                        Event.OfTrial _,
                        Event.Unknown _ -> over;
            };
        }
    }

    /**
     * Lets somebody in and sends a message at once, and again whenever something has changed, until the client leaves or the server stops. Occupies the calling thread,
     * which must be a virtual one.
     */
    public void watch(SseEventSink sink, Sse sse, Watched watched, OutboundSseEvent message) {
        try (Client client = admit(sink, sse)) {
            watch(client, watched, message);
        }
    }

    private void watch(Client client, Watched watched, OutboundSseEvent message) {
        try (SseEventSink _ = client.sink;
                Signals.Subscription _ = watched.watch(client.woken::release)) {
            long sent = watched.changes();
            client.send(message);
            while (client.isThere()) {
                long changes = watched.changes();
                if (changes == sent) {
                    client.rest();
                } else {
                    sent = changes;
                    client.send(message);
                }
            }
        } catch (ExecutionException e) {
            LOG.debugf(e, "a client that watched has left");
        } catch (TimeoutException e) {
            client.drop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
