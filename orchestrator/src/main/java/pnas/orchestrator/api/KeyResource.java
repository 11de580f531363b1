package pnas.orchestrator.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import pnas.failure.PnasException;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.access.KeyDraft;
import pnas.orchestrator.access.KeyId;
import pnas.orchestrator.access.KeyView;
import pnas.orchestrator.access.Keys;

/** The keys to the platform. */
@Path("/api/v1/keys")
@Tag(name = "Keys")
@Produces(MediaType.APPLICATION_JSON)
@SecurityScheme(
        securitySchemeName = "key",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description =
                "A key of the platform. Where the orchestrator listens on loopback, its own account on that machine and root need none. Reading needs the"
                        + " role viewer, changes the role operator, keys the role admin; without a key the answer is 401, with too small a role 403.")
@RolesAllowed("admin")
@RunOnVirtualThread
final class KeyResource {
    private final Keys keys;
    private final Caller caller;

    KeyResource(Keys keys, Caller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    /** All keys. */
    record KeyList(List<KeyView> keys) {}

    /**
     * A key that was just made.
     *
     * @param key what opens the door: this answer alone has it
     */
    record NewKey(
            String id, String name, String role, @Nullable Instant expiresAt, String key) {}

    @GET
    @Operation(operationId = "listKeys", summary = "List all keys, the newest first")
    public KeyList list() {
        return new KeyList(keys.list());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(operationId = "createKey", summary = "Make a key; only this answer ever has it")
    @RequestBody(content = @Content(schema = @Schema(implementation = KeyDraft.class)))
    @APIResponse(
            responseCode = "201",
            description = "Made",
            content = @Content(schema = @Schema(implementation = NewKey.class)))
    public Response create(byte[] body) {
        DraftJson.Reading<KeyDraft> reading = DraftJson.read(KeyDraft.class, body);
        if (!reading.problems().isEmpty()) {
            throw PnasException.invalidInput(reading.problems());
        }
        Keys.Made made = keys.create(reading.draft(), caller.name());
        KeyView view = made.view();
        CacheControl nowhere = new CacheControl();
        nowhere.setNoStore(true);
        return Response.status(Response.Status.CREATED)
                .cacheControl(nowhere)
                .entity(new NewKey(
                        view.id(),
                        view.name(),
                        view.role(),
                        view.expiresAt(),
                        made.key().text()))
                .build();
    }

    @POST
    @Path("{id}:revoke")
    @Operation(operationId = "revokeKey", summary = "Have a key open nothing from now on")
    public KeyView revoke(@PathParam("id") KeyId id) {
        return keys.revoke(id.text(), caller.name());
    }
}
