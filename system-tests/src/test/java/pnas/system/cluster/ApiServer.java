package pnas.system.cluster;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.Map;

/** Keeps objects and tells of changes, and answers the next requests of a kind by a conflict where a test wants so. */
final class ApiServer extends KubernetesCrudDispatcher {
    private final Map<String, Integer> conflicts = new HashMap<>();

    /**
     * Has the next requests refused.
     *
     * @param request method and path
     */
    synchronized void refuse(String request, int times) {
        conflicts.put(request, times);
    }

    /** Whether all that were to be refused have come. */
    synchronized boolean hasRefusedAll() {
        return conflicts.isEmpty();
    }

    @Override
    public MockResponse handleCreate(RecordedRequest request) {
        return isRefused(request) ? conflict() : super.handleCreate(request);
    }

    @Override
    public MockResponse handleUpdate(RecordedRequest request) {
        return isRefused(request) ? conflict() : super.handleUpdate(request);
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
        return isRefused(request) ? conflict() : super.handlePatch(request);
    }

    private synchronized boolean isRefused(RecordedRequest request) {
        String key = request.getMethod() + " " + request.getPath();
        Integer left = conflicts.remove(key);
        if (left != null && left > 1) {
            conflicts.put(key, left - 1);
        }
        return left != null;
    }

    /** As a real one says when another change, such as that of a quota, came between. */
    private static MockResponse conflict() {
        return new MockResponse()
                .setResponseCode(HttpURLConnection.HTTP_CONFLICT)
                .setBody(Serialization.asJson(new StatusBuilder()
                        .withStatus("Failure")
                        .withCode(HttpURLConnection.HTTP_CONFLICT)
                        .withReason("Conflict")
                        .withMessage(
                                "the object has been modified; please apply your changes to the latest version and try again")
                        .build()));
    }
}
