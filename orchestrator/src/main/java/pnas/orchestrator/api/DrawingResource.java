package pnas.orchestrator.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import pnas.cell.Cell;
import pnas.failure.PnasException;
import pnas.failure.Problem;
import pnas.orchestrator.drawing.CellDrawings;
import pnas.orchestrator.drawing.Theme;
import pnas.orchestrator.http.QueryParameters;

/** Cells as pictures. */
@Path("/api/v1/cells")
@Tag(name = "Drawings")
@SecurityRequirement(name = "key")
@Produces("image/svg+xml")
@RunOnVirtualThread
final class DrawingResource {
    private final CellDrawings drawings;

    DrawingResource(CellDrawings drawings) {
        this.drawings = drawings;
    }

    @GET
    @Path("{cell}/drawing.svg")
    @Operation(operationId = "drawCell", summary = "Draw any cell, given by its text")
    @Parameter(
            name = "theme",
            in = ParameterIn.QUERY,
            description = "light or dark, otherwise light",
            schema = @Schema(enumeration = {"light", "dark"}))
    public String draw(@PathParam("cell") String text, @Context UriInfo uri) {
        QueryParameters parameters = new QueryParameters(uri.getQueryParameters());
        Theme theme = parameters.theme();
        parameters.check();
        try {
            return drawings.svg(Cell.parse(text), theme);
        } catch (IllegalArgumentException e) {
            throw PnasException.invalidInput(List.of(new Problem("cell", String.valueOf(e.getMessage()))));
        }
    }
}
