package pnas.orchestrator.http;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** What a request shows to be let in: a key, or the token of a browser that signed in with one. */
final class Credential extends BaseAuthenticationRequest {
    private final String text;
    private final boolean session;

    Credential(String text, boolean session) {
        this.text = text;
        this.session = session;
    }

    String text() {
        return text;
    }

    /** Whether it is the token of a browser. */
    boolean isSession() {
        return session;
    }
}
