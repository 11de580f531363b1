package pnas.cli;

import org.jspecify.annotations.Nullable;

/**
 * What came of looking at one thing that the platform needs.
 *
 * @param check what was looked at
 * @param found what is there
 * @param advice what to do about it, absent where it is as it should be
 */
record Finding(
        String check, Result result, String found, @Nullable String advice) {
    /** Whether the platform works with it. */
    enum Result {
        /** As it should be. */
        OK,
        /** The platform works, less well than it could. */
        WARN,
        /** The platform does not work. */
        FAIL
    }

    static Finding ok(String check, String found) {
        return new Finding(check, Result.OK, found, null);
    }

    static Finding warn(String check, String found, String advice) {
        return new Finding(check, Result.WARN, found, advice);
    }

    static Finding fail(String check, String found, String advice) {
        return new Finding(check, Result.FAIL, found, advice);
    }
}
