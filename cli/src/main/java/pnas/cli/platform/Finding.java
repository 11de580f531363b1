package pnas.cli.platform;

import org.jspecify.annotations.Nullable;

/**
 * What came of looking at one thing that the platform needs.
 *
 * @param check what was looked at
 * @param found what is there
 * @param advice what to do about it, absent where it is as it should be
 */
public record Finding(
        String check, Result result, String found, @Nullable String advice) {
    /** Whether the platform works with it. */
    public enum Result {
        /** As it should be. */
        OK,
        /** The platform works, less well than it could. */
        WARN,
        /** The platform does not work. */
        FAIL
    }

    public static Finding ok(String check, String found) {
        return new Finding(check, Result.OK, found, null);
    }

    public static Finding warn(String check, String found, String advice) {
        return new Finding(check, Result.WARN, found, advice);
    }

    public static Finding fail(String check, String found, String advice) {
        return new Finding(check, Result.FAIL, found, advice);
    }
}
