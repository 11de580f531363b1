package pnas.orchestrator.web;

import io.quarkus.qute.TemplateExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import pnas.orchestrator.state.State;
import pnas.orchestrator.trainer.TrainerState;
import pnas.statistics.Durations;

/** How pages write numbers, times and states. */
@TemplateExtension
final class Formats {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DAY_AND_CLOCK =
            DateTimeFormatter.ofPattern("d MMM, HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Formats() {}

    /** A share of one, for instance {@code 97.31 %}. */
    static String percent(Double share) {
        return String.format(Locale.ROOT, "%.2f %%", share * 100);
    }

    /** For instance {@code 1,160}. */
    static String grouped(Long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** For instance {@code 1,160}. */
    static String grouped(Integer number) {
        return grouped(number.longValue());
    }

    /** Three digits and a unit, for instance {@code 1.24 M}. */
    static String brief(Long number) {
        if (number < 10_000) {
            return grouped(number);
        }
        String[] units = {"k", "M", "G", "T"};
        double value = number;
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.5 && unit < units.length - 1);
        int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, units[unit]);
    }

    /** Seconds in the two units that matter, for instance {@code 3 min 20 s}. */
    static String duration(Double seconds) {
        return Durations.text(seconds);
    }

    /** Date and minute. */
    static String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    /** Time of the day. */
    static String clock(Instant instant) {
        return CLOCK.format(instant);
    }

    /** Day of the year and time of the day. */
    static String dayAndClock(Instant instant) {
        return DAY_AND_CLOCK.format(instant);
    }

    /** A number of no unit, for instance {@code 0.4213}. */
    static String figure(Double number) {
        return String.format(Locale.ROOT, "%.4f", number);
    }

    /** The name of a state in small letters. */
    static String words(State state) {
        return state.toString().toLowerCase(Locale.ROOT);
    }

    /** The name of a state in small letters. */
    static String words(TrainerState state) {
        return state.toString().toLowerCase(Locale.ROOT);
    }

    /** At least one, since a progress bar of nothing is always full. */
    static long atLeastOne(Long number) {
        return Math.max(1, number);
    }
}
