package pnas.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One line that the supervisor prints for the process that started it: a JSON object.
 *
 * @param state {@code remark}, {@code starting}, {@code ready}, {@code stopping}, {@code stopped} or {@code failed}
 * @param step what is being started, or said by the way; of {@code starting} and {@code remark} only
 * @param url where the orchestrator answers; of {@code ready} only
 * @param message a sentence for a person; of {@code failed} and {@code stopped}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Report(
        String state,
        @Nullable String step,
        @Nullable String url,
        @Nullable String message) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Report starting(String step) {
        return new Report("starting", step, null, null);
    }

    static Report remark(String sentence) {
        return new Report("remark", sentence, null, null);
    }

    static Report ready(String url) {
        return new Report("ready", null, url, null);
    }

    static Report stopping() {
        return new Report("stopping", null, null, null);
    }

    static Report stopped(String message) {
        return new Report("stopped", null, null, message);
    }

    static Report failed(String message) {
        return new Report("failed", null, null, message);
    }

    void printTo(PrintStream out) {
        try {
            out.println(JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        out.flush();
    }
}
