package pnas.orchestrator.api;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.trial.TrialSummary;
import pnas.orchestrator.trial.Trials;

/**
 * Trials as CSV by RFC 4180. Columns are only ever added, at the end. A text that a spreadsheet would take for a formula gets an apostrophe
 * before it, which spreadsheets take for a mark of text.
 */
final class TrialCsv {
    static final String MEDIA_TYPE = "text/csv; charset=UTF-8";

    private static final List<String> COLUMNS = List.of(
            "stage",
            "rank",
            "cell",
            "id",
            "state",
            "accuracy",
            "predicted",
            "parameters",
            "multiplyAdds",
            "seconds",
            "worker",
            "device",
            "attempts",
            "replayed",
            "cause",
            "reusedFrom",
            "cellId",
            "counted",
            "setAside",
            "repeat");

    private TrialCsv() {}

    /** Writes the line of the columns' names. */
    static void writeHeader(Appendable out) throws IOException {
        write(out, COLUMNS.stream());
    }

    /** Writes a trial as a line. */
    static void write(Appendable out, Trials.Exported row) throws IOException {
        TrialSummary trial = row.trial();
        write(
                out,
                Stream.of(
                        number(trial.stage()),
                        number(trial.rank()),
                        text(trial.cell().text()),
                        text(trial.id()),
                        text(trial.state().name()),
                        number(trial.accuracy()),
                        number(trial.predicted()),
                        number(trial.parameters()),
                        number(trial.multiplyAdds()),
                        number(trial.trainingSeconds()),
                        text(trial.worker()),
                        text(row.device()),
                        number(trial.attempt()),
                        text(Boolean.toString(trial.replayed())),
                        text(trial.cause()),
                        text(trial.reusedFrom()),
                        text(trial.cellId()),
                        text(trial.counted().name()),
                        text(Boolean.toString(trial.setAside())),
                        number(trial.repeat())));
    }

    private static void write(Appendable out, Stream<String> fields) throws IOException {
        out.append(fields.collect(Collectors.joining(","))).append("\r\n");
    }

    private static String number(@Nullable Number number) {
        return number == null ? "" : number.toString();
    }

    private static String text(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        String harmless = "=+-@\t\r\n".indexOf(text.charAt(0)) < 0 ? text : "'" + text;
        return harmless.chars().anyMatch(character -> ",\"\r\n".indexOf(character) >= 0)
                ? '"' + harmless.replace("\"", "\"\"") + '"'
                : harmless;
    }
}
