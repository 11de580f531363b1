package pnas.orchestrator.access;

import java.util.Locale;

/** Why somebody was not let in. */
public enum Refusal {
    /** What was sent has not the form of a key. */
    MALFORMED("this is no key of the platform: it begins with pnas_ and has 80 characters"),
    /** There is no such key. */
    UNKNOWN("there is no such key"),
    /** Its time is over. */
    EXPIRED("the key has expired"),
    /** Somebody took it back. */
    REVOKED("the key was revoked"),
    /** The browser is not signed in any more. */
    SESSION_OVER("the session has ended"),
    /** A code that was used, or is too old, or was never made. */
    CODE("the link was used already, or is older than ten minutes"),
    /** The token of a provider is not what it should be. */
    TOKEN("the token does not open"),
    /** Nobody said who they are. */
    NOTHING_GIVEN("a key is needed"),
    /** The key is right and its role is not enough. */
    ROLE("the role is not enough");

    private final String sentence;

    Refusal(String sentence) {
        this.sentence = sentence;
    }

    /** For people. */
    public String sentence() {
        return sentence;
    }

    /** For metrics. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
