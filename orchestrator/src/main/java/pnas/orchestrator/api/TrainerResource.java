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
import pnas.orchestrator.trainer.TrainerView;
import pnas.orchestrator.trainer.Trainers;

/** The trainers. */
@Path("/api/v1/workers")
@Tag(name = "Trainers")
@SecurityRequirement(name = "key")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class TrainerResource {
    private final Trainers trainers;

    TrainerResource(Trainers trainers) {
        this.trainers = trainers;
    }

    /** All trainers. */
    record TrainerList(List<TrainerView> workers) {}

    @GET
    @Operation(operationId = "listWorkers", summary = "List the trainers that announced themselves")
    public TrainerList list() {
        return new TrainerList(trainers.list());
    }
}
