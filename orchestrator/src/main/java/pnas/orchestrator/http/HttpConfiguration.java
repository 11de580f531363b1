package pnas.orchestrator.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Who may reach the orchestrator over HTTP. */
@ConfigMapping(prefix = "pnas.http")
interface HttpConfiguration {
    /**
     * Host names, without a port, that requests may be addressed to besides {@code localhost}, {@code 127.0.0.1} and {@code [::1]}. Where the
     * orchestrator listens on loopback, a request that names any other host is refused, so that a foreign site cannot reach it by a
     * name of its own that leads here; elsewhere that is so as soon as a name is given. Where health and metrics are served, addresses are taken too, and any
     * other name is always refused.
     */
    Optional<List<String>> allowedHosts();
}
