package pnas.orchestrator.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import pnas.orchestrator.live.Event;

/** Events in words. */
final class Feed {
    /** Epochs and how far rankings are: there are many of them, and curves and bars tell them better. */
    static final List<String> LEFT_OUT = List.of("trial.epoch", "stage.scored");

    private Feed() {}

    /**
     * One event.
     *
     * @param cellId whose cell the text is about, absent where it is about the experiment or a stage
     */
    record Line(Instant at, @Nullable String cellId, String text) {}

    /** The lines of these events, newest first as they are. */
    static List<Line> lines(List<Event> events, ObjectMapper json) {
        return events.stream()
                .map(event -> new Line(event.at(), cellId(event.trial()), text(event, body(event, json))))
                .toList();
    }

    private static JsonNode body(Event event, ObjectMapper json) {
        try {
            return json.readTree(event.body());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("event " + event.id() + " has a body that is no JSON", e);
        }
    }

    private static String text(Event event, JsonNode body) {
        String[] words = event.type().split("\\.", 2);
        String what = words[0];
        String happened = words.length == 2 ? words[1] : "";
        return switch (what) {
            case "trial" -> trial(happened, body);
            case "stage" -> "Stage " + body.path("stage").asText("") + " " + stage(happened, body);
            default ->
                happened.equals("retried")
                        ? "What failed since stage " + body.path("stage").asText("") + " is tried again"
                        : "The experiment is " + happened + cause(body);
        };
    }

    /** A trial is named by its experiment and its cell; within the page of the experiment the cell is enough. */
    private static @Nullable String cellId(@Nullable String trialId) {
        return trialId == null ? null : trialId.substring(trialId.indexOf('-') + 1);
    }

    private static String trial(String happened, JsonNode body) {
        return switch (happened) {
            case "running" -> "is trained by " + body.path("worker").asText("a trainer") + again(body);
            case "trained" ->
                "has an accuracy of " + Formats.percent(body.path("accuracy").asDouble());
            case "reused" -> "has the result of " + body.path("from").asText("another experiment");
            case "requeued" -> "waits for another attempt" + cause(body);
            case "reopened" -> "waits again, since its search goes on";
            case "retried" -> "is tried again" + again(body);
            case "setAside" -> "is set aside until its stage has chosen anew";
            case "chosen" -> "is chosen again";
            default -> happened + cause(body);
        };
    }

    private static String again(JsonNode body) {
        int attempt = body.path("attempt").asInt(1);
        return attempt > 1 ? ", attempt " + attempt : "";
    }

    private static String stage(String happened, JsonNode body) {
        return switch (happened) {
            case "expanding" -> "finds its candidates";
            case "ranking" -> "waits for the ranking of " + count(body, "candidates") + "candidates";
            case "training" -> "trains " + count(body, "trials") + "cells";
            case "done" -> "is done";
            default -> "is " + happened.toLowerCase(Locale.ROOT);
        };
    }

    private static String count(JsonNode body, String field) {
        return body.has(field) ? Formats.grouped(body.path(field).asLong()) + " " : "its ";
    }

    private static String cause(JsonNode body) {
        String cause = body.path("cause").asText("");
        return cause.isEmpty() ? "" : ": " + cause;
    }
}
