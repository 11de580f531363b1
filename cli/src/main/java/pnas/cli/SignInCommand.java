package pnas.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import picocli.CommandLine.Command;
import pnas.cli.platform.CommandFailedException;
import pnas.cli.platform.ExitStatus;
import pnas.cli.platform.Json;
import pnas.cli.platform.Orchestrator;

@Command(
        name = "sign-in",
        description = {
            "Print a link that signs a browser in, once and within ten minutes.",
            "For a browser of another account than the platform's, for instance on another machine, to which the port is forwarded."
        })
final class SignInCommand extends PnasCommand {
    @Override
    public Integer call() {
        Orchestrator orchestrator = orchestrator();
        JsonNode code = orchestrator.createSignInCode();
        URI link = link(orchestrator, code);
        print(
                Json.object()
                        .put("url", link.toString())
                        .put("expiresAt", code.path("expiresAt").asText()),
                () -> link + "\n");
        return ExitStatus.DONE;
    }

    private static URI link(Orchestrator orchestrator, JsonNode code) {
        return orchestrator.page(URI.create("/login?code=" + code.path("code").asText()));
    }

    /** A link for a platform that was just started, or why there is none. */
    static String hint(Orchestrator orchestrator) {
        try {
            return "A browser of another account signs in once by this link, within ten minutes ('pnas sign-in' prints another one):%n  %s"
                    .formatted(link(orchestrator, orchestrator.createSignInCode()));
        } catch (CommandFailedException e) {
            return "A browser of another account signs in with a key: " + e.getMessage();
        }
    }
}
