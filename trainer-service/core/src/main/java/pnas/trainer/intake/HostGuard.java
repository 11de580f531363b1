package pnas.trainer.intake;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import pnas.access.KnownHosts;

/** Tells health and metrics to everybody on the network, by whatever address, but not to a foreign site whose name leads here: a browser would read them for it. */
@ApplicationScoped
class HostGuard {
    private static final int BEFORE_ALL_OTHERS = 1000;
    private static final int MISDIRECTED = 421;

    private final KnownHosts hosts;

    HostGuard(@ConfigProperty(name = "pnas.http.allowed-hosts") Optional<List<String>> names) {
        hosts = KnownHosts.with(names.orElseGet(List::of));
    }

    void register(@Observes Filters filters) {
        filters.register(this::pass, BEFORE_ALL_OTHERS);
    }

    private void pass(RoutingContext context) {
        HostAndPort authority = context.request().authority();
        if (authority != null && hosts.hasOrIsAddress(authority.host())) {
            context.next();
        } else {
            context.response()
                    .setStatusCode(MISDIRECTED)
                    .putHeader("Connection", "close")
                    .end("this server does not answer for that host; pnas.http.allowed-hosts names further ones\n");
        }
    }
}
