package pnas.orchestrator.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import pnas.orchestrator.worker.WorkerView;
import pnas.orchestrator.worker.Workers;

/** The trainers. */
@Path("/api/v1/workers")
@Tag(name = "Workers")
@SecurityRequirement(name = "key")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class WorkerResource {
    private final Workers workers;

    WorkerResource(Workers workers) {
        this.workers = workers;
    }

    /** All trainers. */
    record WorkerList(List<WorkerView> workers) {}

    @GET
    @Operation(operationId = "listWorkers", summary = "List the trainers that announced themselves")
    public WorkerList list() {
        return new WorkerList(workers.list());
    }
}
