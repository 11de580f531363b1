package pnas.orchestrator.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;
import pnas.orchestrator.capacity.ClusterResource;
import pnas.orchestrator.peer.OpenIdProvider;

/**
 * Two things that do not touch each other, in one profile since each takes its application seconds to start: keys are asked for, on loopback too, and
 * trainers are started in a small cluster.
 */
public final class KeysAndCluster implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "pnas.access.require-key", "true",
                "pnas.access.admin-key-hash", AccessTest.FIRST.hash() + "," + AccessTest.SECOND.hash(),
                "quarkus.http.auth.roles-mapping.searchers", "operator",
                "quarkus.http.proxy.proxy-address-forwarding", "true");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(OpenIdProvider.class), new TestResourceEntry(ClusterResource.class));
    }
}
