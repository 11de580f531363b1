package pnas.message;

/** The bounds that records of this package have in common. */
final class Checks {
    private Checks() {}

    static void atLeast(String what, long least, long given) {
        if (given < least) {
            throw new IllegalArgumentException(what + " must be at least " + least + ", got " + given);
        }
    }

    static void between(String what, double least, double most, double given) {
        if (!(given >= least && given <= most)) {
            throw new IllegalArgumentException(
                    what + " must be " + text(least) + " to " + text(most) + ", got " + text(given));
        }
    }

    static void schemaVersion(int given) {
        // A later minor version only adds optional fields; a version that breaks readers gets a topic of its own.
        atLeast("schemaVersion", 1, given);
    }

    private static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
