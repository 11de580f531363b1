package pnas.statistics;

import java.time.Duration;
import java.util.Locale;

/** Durations for people, in the two units that matter. */
public final class Durations {
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
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        if (duration.toMinutes() == 0) {
            return duration.toSeconds() + " s";
        }
        if (duration.toHours() == 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        if (duration.toDays() == 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        return duration.toDays() + " d " + duration.toHoursPart() + " h";
    }
}
