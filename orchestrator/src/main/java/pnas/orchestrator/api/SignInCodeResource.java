package pnas.orchestrator.api;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import pnas.failure.ErrorCode;
import pnas.failure.PnasException;
import pnas.orchestrator.access.Caller;
import pnas.orchestrator.access.Keys;

/** Codes with which a browser signs in once, at {@code /login?code=…}. */
@Path("/api/v1/sign-in-codes")
@Tag(name = "Keys")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
final class SignInCodeResource {
    private final Keys keys;
    private final Caller caller;

    SignInCodeResource(Keys keys, Caller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Operation(
            operationId = "createSignInCode",
            summary =
                    "Make a code with which a browser signs in once, at /login?code=…, to what the caller's key opens")
    @APIResponse(
            responseCode = "201",
            description = "Made",
            content = @Content(schema = @Schema(implementation = Keys.Code.class)))
    public Response create() {
        if (caller.keyHash() == null && !caller.isUnasked()) {
            throw new PnasException(
                    ErrorCode.STATE_FORBIDS, "a code stands for a key: send one as 'Authorization: Bearer pnas_…'");
        }
        CacheControl nowhere = new CacheControl();
        nowhere.setNoStore(true);
        return Response.status(Response.Status.CREATED)
                .cacheControl(nowhere)
                .entity(keys.createCode(caller.keyHash()))
                .build();
    }
}
