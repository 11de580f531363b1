package pnas.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubernetes.client.openapi.JSON;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;

/** The schema of the API, as the models of its Java client hold it: unknown fields, missing ones and wrong types. */
final class Schema {
    private static final Map<String, String> API_VERSIONS = Map.ofEntries(
            Map.entry("ClusterRole", "rbac.authorization.k8s.io/v1"),
            Map.entry("ClusterRoleBinding", "rbac.authorization.k8s.io/v1"),
            Map.entry("ConfigMap", "v1"),
            Map.entry("Deployment", "apps/v1"),
            Map.entry("Job", "batch/v1"),
            Map.entry("Namespace", "v1"),
            Map.entry("NetworkPolicy", "networking.k8s.io/v1"),
            Map.entry("PersistentVolumeClaim", "v1"),
            Map.entry("Pod", "v1"),
            Map.entry("PodDisruptionBudget", "policy/v1"),
            Map.entry("Role", "rbac.authorization.k8s.io/v1"),
            Map.entry("RoleBinding", "rbac.authorization.k8s.io/v1"),
            Map.entry("Secret", "v1"),
            Map.entry("Service", "v1"),
            Map.entry("ServiceAccount", "v1"),
            Map.entry("StatefulSet", "apps/v1"));

    static {
        new JSON(); // The models read with the Gson that this sets up.
    }

    private Schema() {}

    /** What is wrong with an object; empty where nothing is. */
    static Optional<String> complaint(JsonNode object) {
        String kind = Rendering.kind(object);
        String version = object.path("apiVersion").asText();
        if (!version.equals(API_VERSIONS.get(kind))) {
            return Optional.of("no such kind: " + kind + " of " + version);
        }
        try {
            Class.forName("io.kubernetes.client.openapi.models.V1" + kind)
                    .getMethod("fromJson", String.class)
                    .invoke(null, object.toString());
            return Optional.empty();
        } catch (InvocationTargetException e) {
            return Optional.of(String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the client has no model of " + kind, e);
        }
    }
}
