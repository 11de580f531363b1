package pnas.local;

/** The platform cannot start or go on. */
final class PlatformException extends Exception {
    private final String sentence;

    PlatformException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    PlatformException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    /** One sentence for a person: what is wrong, and what to do. */
    String sentence() {
        return sentence;
    }
}
