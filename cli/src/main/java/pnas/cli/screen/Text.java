package pnas.cli.screen;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.cli.platform.Experiment.Confirmed;

/** Numbers and times as they are shown to people. */
public final class Text {
    /** Stands where there is nothing to show. */
    public static final String NONE = "-";

    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private Text() {}

    /**
     * A text with no line of more columns than {@code width} where a space allows it: the rest of a line goes on below it, indented by two
     * more than the line.
     */
    public static String fold(String text, int width) {
        return text.lines().flatMap(line -> foldedLine(line, width)).collect(Collectors.joining("\n"))
                + (text.endsWith("\n") ? "\n" : "");
    }

    private static Stream<String> foldedLine(String line, int width) {
        String indent = " ".repeat(line.length() - line.stripLeading().length() + 2);
        List<String> lines = new ArrayList<>();
        String rest = line;
        while (rest.length() > width) {
            int space = rest.lastIndexOf(' ', width);
            if (space <= indent.length()) {
                space = rest.indexOf(' ', width);
            }
            if (space < 0) {
                break;
            }
            lines.add(rest.substring(0, space).stripTrailing());
            rest = indent + rest.substring(space).strip();
        }
        lines.add(rest);
        return lines.stream();
    }

    public static String accuracy(@Nullable Double accuracy) {
        return accuracy == null ? NONE : String.format(Locale.ROOT, "%.4f", accuracy);
    }

    /** A mean with the deviation between seeds, where there are several: {@code 0.9731 ± 0.0042}. */
    public static String accuracy(Confirmed confirmed) {
        return accuracy(confirmed.mean())
                + (confirmed.deviation() == null ? "" : String.format(Locale.ROOT, " ± %.4f", confirmed.deviation()));
    }

    public static String count(@Nullable Number count) {
        return count == null ? NONE : String.format(Locale.ROOT, "%,d", count);
    }

    /** An ISO instant in the time of the given zone, to the minute. */
    public static String minute(String instant, ZoneId zone) {
        return MINUTES.format(Instant.parse(instant).atZone(zone));
    }
}
