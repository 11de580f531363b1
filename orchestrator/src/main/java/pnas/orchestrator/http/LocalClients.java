package pnas.orchestrator.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import pnas.access.KnownHosts;
import pnas.access.LocalAccounts;
import pnas.access.SocketTable.Connection;

/**
 * Knows which requests come from this process's own account, or from root, on this machine. Each connection is looked up once. The system's table of all
 * sockets, which may be large, is read by one thread, for all connections that wait for it together: however many are opened, it is read once at a time.
 */
@Singleton
class LocalClients {
    private static final Logger LOG = Logger.getLogger(LocalClients.class);
    /** A row may be overlooked while others around it come and go. */
    private static final int READINGS = 2;

    /** What proxies add. One of the own account must not lend it to all whose requests it passes on. */
    private static final Set<String> OF_PROXIES = Set.of("forwarded", "via", "x-real-ip");

    private static final String OF_PROXIES_TOO = "x-forwarded-";

    private record Waiting(Connection connection, CompletableFuture<Boolean> answer) {}

    private final LocalAccounts accounts = LocalAccounts.ofThisMachine();
    private final LocalAccounts.Trust trust = accounts.trust();
    private final Map<HttpConnection, CompletableFuture<Boolean>> known =
            Collections.synchronizedMap(new WeakHashMap<>());
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("accounts of connections").factory());

    @PreDestroy
    void stop() {
        reader.shutdownNow();
    }

    /** Whether the own account or root sent a request, and not somebody else by a proxy. */
    Uni<Boolean> isTrusted(HttpServerRequest request) {
        if (isPassedOn(request)) {
            return Uni.createFrom().item(false);
        }
        CompletableFuture<Boolean> answer = known.computeIfAbsent(request.connection(), this::lookUp);
        if (answer.isDone()) {
            return Uni.createFrom().item(answer.join());
        }
        Context context = Objects.requireNonNull(Vertx.currentContext(), "a request has a context");
        return Uni.createFrom()
                .completionStage(answer)
                .emitOn(command -> context.runOnContext(_ -> command.run()))
                // Who hangs up meanwhile may leave its port, and with it its row, to another account.
                .map(trusted -> trusted && !request.response().closed());
    }

    private static boolean isPassedOn(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        HostAndPort authority = request.authority();
        return !connection.remoteAddress().equals(connection.remoteAddress(true))
                || isPassedOn(authority == null ? null : authority.host(), request.headers());
    }

    /**
     * Whether somebody may have sent a request by a proxy, as its headers tell.
     *
     * @param host that it is addressed to
     */
    static boolean isPassedOn(@Nullable String host, MultiMap headers) {
        return host == null
                || !KnownHosts.isLoopback(host)
                || headers.names().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> OF_PROXIES.contains(name) || name.startsWith(OF_PROXIES_TOO));
    }

    private CompletableFuture<Boolean> lookUp(HttpConnection connection) {
        InetSocketAddress client = address(connection.remoteAddress(true));
        InetSocketAddress server = address(connection.localAddress(true));
        if (client == null || server == null) {
            return CompletableFuture.completedFuture(false);
        }
        Waiting waits = new Waiting(new Connection(client, server), new CompletableFuture<>());
        waiting.add(waits);
        reader.execute(this::answerAll);
        return waits.answer();
    }

    /** Null for what is no address of the internet protocols. */
    private static @Nullable InetSocketAddress address(SocketAddress end) {
        String address = end.hostAddress();
        try {
            // A number, for which nobody is asked; what follows the % names a network interface.
            return address == null
                    ? null
                    : new InetSocketAddress(InetAddress.getByName(address.split("%", 2)[0]), end.port());
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Answers all that wait at the moment; each question that was for one of the others then finds none left. */
    private void answerAll() {
        List<Waiting> all = new ArrayList<>();
        for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
            all.add(next);
        }
        Collection<Waiting> open = all;
        try {
            for (int reading = 0; reading < READINGS && !open.isEmpty(); reading++) {
                Map<Connection, Long> found =
                        accounts.clients(open.stream().map(Waiting::connection).toList());
                for (Waiting waits : open) {
                    Long account = found.get(waits.connection());
                    if (account != null) {
                        LOG.debugf("%s is of the account %d", waits.connection(), account);
                        waits.answer().complete(trust.has(account));
                    }
                }
                open = open.stream().filter(waits -> !waits.answer().isDone()).toList();
            }
        } catch (RuntimeException e) {
            LOG.warnf(e, "the accounts of %d connections could not be looked up", open.size());
        } finally {
            open.forEach(waits -> waits.answer().complete(false));
        }
    }
}
