package pnas.statistics;

import java.util.Locale;

/** Durations for people, in the two units that matter. */
public final class Durations {
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Durations() {}

    /** One that was measured: {@code 4.2 s}, {@code 45 s}, {@code 1 min 20 s}, {@code 3 h 5 min}, {@code 2 d 3 h}. */
    public static String text(double seconds) {
        return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : whole(seconds);
    }

    /** One that is only expected: {@code 4 s}, and below a second it says nothing more. */
    public static String expected(double seconds) {
        return seconds < 1 ? "less than 1 s" : whole(seconds);
    }

    private static String whole(double seconds) {
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return whole + " s";
        }
        if (whole < HOUR) {
            return whole / MINUTE + " min " + whole % MINUTE + " s";
        }
        if (whole < DAY) {
            return whole / HOUR + " h " + whole % HOUR / MINUTE + " min";
        }
        return whole / DAY + " d " + whole % DAY / HOUR + " h";
    }
}
