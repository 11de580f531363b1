package pnas.orchestrator.api;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import pnas.orchestrator.experiment.ExperimentView;
import pnas.orchestrator.live.Event;
import pnas.orchestrator.live.Events;
import pnas.orchestrator.live.Signals;

/**
 * Sends what happens to an experiment to a client, in order and as fast as the client takes it: the next message is sent when the client has
 * taken the one before, so that a slow client costs one batch of memory and no more. Safe for use by many threads.
 */
@ApplicationScoped
public class EventStream {
    private static final Logger LOG = Logger.getLogger(EventStream.class);
    /** After this an experiment goes on that was over. */
    private static final String EXTENDED = "experiment.extended";

    private static final Set<String> LAST_EVENTS =
            Set.of("experiment.completed", "experiment.stopped", "experiment.failed", "experiment.cancelled");
    private static final int BATCH = 500;
    /** Proxies close a connection that is silent for a minute, some after half of that. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** A client that takes nothing for this long is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Events events;
    private volatile boolean stopping;

    EventStream(Events events) {
        this.events = events;
    }

    /** Before the server waits for its open requests, of which streams are some. */
    void stop(@Observes ShutdownDelayInitiatedEvent shutdown) {
        stopping = true;
    }

    /** Makes messages of events. */
    @FunctionalInterface
    public interface Translation {
        /**
         * The messages that tell of these events; there may be fewer of them.
         *
         * @param batch some events in their order, never none
         */
        List<OutboundSseEvent> messages(List<Event> batch);
    }

    /**
     * Sends everything after an event that the client knows, until the client leaves, the server stops, or the experiment is over and all is sent.
     * Occupies the calling thread, which must be a virtual one.
     *
     * @param known id of the event that the client knows, 0 for none
     * @param pause time between one batch and the next, in which events gather
     * @throws WebApplicationException with status 204, which tells a browser not to come again, where there will never be more to send
     */
    public void follow(
            ExperimentView experiment,
            long known,
            Duration pause,
            Translation translation,
            SseEventSink sink,
            Sse sse) {
        boolean over = experiment.state().isTerminal();
        if (over && events.after(experiment.id(), known, 1).isEmpty()) {
            throw new WebApplicationException(Response.noContent().build());
        }
        Semaphore woken = new Semaphore(0);
        try (sink;
                Signals.Subscription _ = events.listen(woken::release)) {
            long last = known;
            long sentAt = System.nanoTime();
            while (!sink.isClosed() && !stopping) {
                List<Event> batch = events.after(experiment.id(), last, BATCH);
                if (batch.isEmpty()) {
                    if (over) {
                        return;
                    }
                    if (System.nanoTime() - sentAt > SILENCE.toNanos()) {
                        send(sink, sse.newEventBuilder().comment("still there").build());
                        sentAt = System.nanoTime();
                    }
                    if (woken.tryAcquire(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
                        woken.drainPermits();
                    }
                } else {
                    for (OutboundSseEvent message : translation.messages(batch)) {
                        send(sink, message);
                    }
                    sentAt = System.nanoTime();
                    last = batch.getLast().id();
                    for (Event event : batch) {
                        over = (over || LAST_EVENTS.contains(event.type()))
                                && !event.type().equals(EXTENDED);
                    }
                    Thread.sleep(pause);
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf(e, "a client that followed %s has left", experiment.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Sends a message at once, and again whenever something has changed, until the client leaves or the server stops. Occupies the calling thread,
     * which must be a virtual one.
     *
     * @param version something that is equal as long as nothing has changed; asked whenever events were appended, and twice a second
     * @param pause the least time between one message and the next
     */
    public void watch(Supplier<?> version, Duration pause, OutboundSseEvent message, SseEventSink sink, Sse sse) {
        Semaphore woken = new Semaphore(0);
        try (sink;
                Signals.Subscription _ = events.listen(woken::release)) {
            Object sent = null;
            long sentAt = System.nanoTime();
            while (!sink.isClosed() && !stopping) {
                Object now = version.get();
                if (!now.equals(sent)) {
                    send(sink, message);
                    sent = now;
                    sentAt = System.nanoTime();
                    Thread.sleep(pause);
                } else if (System.nanoTime() - sentAt > SILENCE.toNanos()) {
                    send(sink, sse.newEventBuilder().comment("still there").build());
                    sentAt = System.nanoTime();
                }
                if (woken.tryAcquire(SILENCE.toSeconds(), TimeUnit.SECONDS)) {
                    woken.drainPermits();
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf(e, "a client that watched has left");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(SseEventSink sink, OutboundSseEvent message)
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            sink.send(message).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (IllegalStateException closedMeanwhile) {
            throw new ExecutionException(closedMeanwhile);
        }
    }
}
